/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/challenge.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* RFC 9110, 5.6.2 */
static bool is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c && strchr("!#$%&'*+-.^_`|~", c));
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

static size_t token_length(const char *s)
{
	size_t n = 0;

	while (is_token(s[n]))
		n++;
	return n;
}

/* token68 of e.g. "Negotiate abc==": no parameter. Its length, or 0. */
static size_t token68_length(const char *s)
{
	size_t n = 0;

	while (is_token(s[n]) || s[n] == '/')
		n++;
	if (!n)
		return 0;
	n += strspn(s + n, "=");
	return s[n] == '\0' || strchr(" \t,", s[n]) ? n : 0;
}

/* A quoted string without its quotes and backslashes; NULL when it does not end. */
static const char *read_quoted(const char **s, struct arena *a)
{
	const char *p = *s + 1;
	char *text = arena_alloc(a, strlen(p) + 1);
	size_t n = 0;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			p++;
		text[n++] = *p;
	}
	if (*p != '"')
		return NULL;
	*s = p + 1;
	return text;
}

static const char *read_value(const char **s, struct arena *a)
{
	size_t n;
	const char *text;

	if (**s == '"')
		return read_quoted(s, a);
	n = token_length(*s);
	if (!n)
		return NULL;
	text = arena_strndup(a, *s, n);
	*s += n;
	return text;
}

static void set(struct challenge *c, const char *name, size_t len, const char *value)
{
	static const char *const names[] = {"realm", "service", "scope", "error"};
	const char **const fields[] = {&c->realm, &c->service, &c->scope, &c->error};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == len && strncasecmp(names[i], name, len) == 0)
			*fields[i] = value;
}

/* "name=value, ..." up to the next challenge or the end. Returns 0 or -1. */
static int read_parameters(const char **s, struct challenge *c, struct arena *a)
{
	for (;;) {
		const char *p = skip_blanks(*s), *name, *value;
		size_t n;

		while (*p == ',')
			p = skip_blanks(p + 1);
		name = p;
		n = token_length(p);
		p = skip_blanks(p + n);
		/* a word without '=' behind it is the next scheme */
		if (!n || *p != '=') {
			*s = name;
			return 0;
		}
		p = skip_blanks(p + 1);
		value = read_value(&p, a);
		if (!value)
			return -1;
		set(c, name, n, value);
		p = skip_blanks(p);
		if (*p && *p != ',')
			return -1;
		*s = p;
	}
}

static enum challenge_scheme scheme_of(const char *s, size_t len)
{
	if (len == 6 && strncasecmp(s, "Bearer", 6) == 0)
		return CHALLENGE_BEARER;
	return len == 5 && strncasecmp(s, "Basic", 5) == 0 ? CHALLENGE_BASIC : CHALLENGE_NONE;
}

static int parse_value(const char *s, struct challenge *best, struct arena *a, struct err *err)
{
	const char *whole = s;

	for (;;) {
		struct challenge c = {0};
		size_t n;

		s += strspn(s, " \t,");
		if (!*s)
			return 0;
		n = token_length(s);
		if (!n || (s[n] && !strchr(" \t,", s[n])))
			break;
		c.scheme = scheme_of(s, n);
		s = skip_blanks(s + n);
		n = token68_length(s);
		if (c.scheme == CHALLENGE_NONE && n)
			s += n;
		else if (read_parameters(&s, &c, a) < 0)
			break;
		if (c.scheme == CHALLENGE_BEARER && (!c.realm || !*c.realm))
			return err_set(
				err, E_SYNTAX, "a Bearer challenge without realm: '%.200s'", whole);
		if (c.scheme > best->scheme)
			*best = c;
	}
	return err_set(err, E_SYNTAX, "cannot read the challenge '%.200s'", whole);
}

int challenge_parse(
	const struct strv *values, struct challenge *c, struct arena *a, struct err *err)
{
	struct challenge best = {0};

	for (size_t i = 0; i < values->count; i++)
		if (parse_value(values->items[i], &best, a, err) < 0)
			return -err->code;
	*c = best;
	return 0;
}
