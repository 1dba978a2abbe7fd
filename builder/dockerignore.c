/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerignore.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"

void dockerignore_release(struct dockerignore *d)
{
	for (size_t i = 0; i < d->count; i++) {
		glob_release(&d->rules[i].glob);
		free(d->rules[i].prefix);
	}
	free(d->rules);
	memset(d, 0, sizeof(*d));
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char *trimmed(const char *s, size_t len)
{
	while (len && is_blank(*s)) {
		s++;
		len--;
	}
	while (len && is_blank(s[len - 1]))
		len--;
	return xstrndup(s, len);
}

int dockerignore_add(struct dockerignore *d, const char *line, struct err *err)
{
	own_mem char *pattern = trimmed(line, strlen(line)), *clean = NULL;
	bool include = *pattern == '!';
	struct ignore_rule *rule;
	const char *p;

	if (include) {
		own_mem char *rest = give(pattern);

		pattern = trimmed(rest + 1, strlen(rest + 1));
	}
	if (!*pattern)
		return include ? err_set(err, E_SYNTAX, "illegal exclusion pattern: \"!\"") : 0;
	clean = path_clean(pattern);
	for (p = clean; *p == '/'; p++)
		;
	if (!*p || strcmp(p, ".") == 0)
		return 0;
	d->rules = xreallocarray(d->rules, d->count + 1, sizeof(*d->rules));
	rule = &d->rules[d->count];
	memset(rule, 0, sizeof(*rule));
	if (glob_parse(p, GLOB_STAR_STAR, &rule->glob, err) < 0)
		return -err->code;
	rule->include = include;
	rule->prefix = xstrndup(p, strcspn(p, "*?[\\"));
	d->has_includes |= include;
	d->count++;
	return 0;
}

int dockerignore_parse(const char *text, size_t len, struct dockerignore *d, struct err *err)
{
	own_dockerignore struct dockerignore made = {0};
	const char *end = text + len, *lf;
	int number = 1;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	for (const char *p = text; p < end; p = lf + 1, number++) {
		own_mem char *line = NULL;

		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf)
			lf = end;
		if (*p == '#')
			continue;
		line = xstrndup(p, (size_t)(lf - p));
		if (dockerignore_add(&made, line, err) < 0)
			return err_wrap(err, "line %d", number);
	}
	*d = made;
	made = (struct dockerignore){0};
	return 0;
}

/* A pattern that matches a directory matches all beneath it. */
static bool rule_matches(const struct ignore_rule *rule, const char *path)
{
	size_t len = strlen(path);

	if (strncmp(path, rule->prefix, strlen(rule->prefix)) != 0)
		return false;
	for (size_t n = 1; n <= len; n++)
		if ((n == len || path[n] == '/') && glob_match(&rule->glob, path, n))
			return true;
	return false;
}

bool dockerignore_excludes(const struct dockerignore *d, const char *path)
{
	for (size_t i = d->count; i-- > 0;)
		if (rule_matches(&d->rules[i], path))
			return !d->rules[i].include;
	return false;
}

bool dockerignore_may_include_below(const struct dockerignore *d, const char *directory)
{
	size_t len = strlen(directory);

	for (size_t i = 0; i < d->count; i++) {
		const char *prefix = d->rules[i].prefix;
		size_t n = strlen(prefix);

		if (!d->rules[i].include)
			continue;
		/* the pattern leads below the directory, or its special part may do so */
		if (n > len ? strncmp(prefix, directory, len) == 0 && prefix[len] == '/'
			    : strncmp(prefix, directory, n) == 0)
			return true;
	}
	return false;
}
