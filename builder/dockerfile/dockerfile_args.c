/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/dockerfile_args.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "builder/dockerfile/substitute.h"
#include "lib/buf.h"
#include "lib/json.h"

/* How the text behind the name and the flags is read. */
enum form {
	FORM_TEXT,       /* one text */
	FORM_WORDS,      /* split at blanks, quotes mean nothing */
	FORM_QUOTED,     /* split at blanks outside of quotes */
	FORM_PAIRS,      /* name=value ..., or "name value" */
	FORM_JSON_TEXT,  /* a JSON array, else one text */
	FORM_JSON_WORDS, /* a JSON array, else split at blanks */
	FORM_HEALTH,     /* a type, then FORM_JSON_TEXT */
	FORM_TRIGGER,    /* another instruction */
};

static const struct {
	const char *name;
	enum form form;
} kinds[INSTRUCTION_KINDS] = {
	[INSTRUCTION_ADD] = {"ADD", FORM_JSON_WORDS},
	[INSTRUCTION_ARG] = {"ARG", FORM_QUOTED},
	[INSTRUCTION_CMD] = {"CMD", FORM_JSON_TEXT},
	[INSTRUCTION_COPY] = {"COPY", FORM_JSON_WORDS},
	[INSTRUCTION_ENTRYPOINT] = {"ENTRYPOINT", FORM_JSON_TEXT},
	[INSTRUCTION_ENV] = {"ENV", FORM_PAIRS},
	[INSTRUCTION_EXPOSE] = {"EXPOSE", FORM_WORDS},
	[INSTRUCTION_FROM] = {"FROM", FORM_WORDS},
	[INSTRUCTION_HEALTHCHECK] = {"HEALTHCHECK", FORM_HEALTH},
	[INSTRUCTION_LABEL] = {"LABEL", FORM_PAIRS},
	[INSTRUCTION_MAINTAINER] = {"MAINTAINER", FORM_TEXT},
	[INSTRUCTION_ONBUILD] = {"ONBUILD", FORM_TRIGGER},
	[INSTRUCTION_RUN] = {"RUN", FORM_JSON_TEXT},
	[INSTRUCTION_SHELL] = {"SHELL", FORM_JSON_TEXT},
	[INSTRUCTION_STOPSIGNAL] = {"STOPSIGNAL", FORM_TEXT},
	[INSTRUCTION_USER] = {"USER", FORM_TEXT},
	[INSTRUCTION_VOLUME] = {"VOLUME", FORM_JSON_WORDS},
	[INSTRUCTION_WORKDIR] = {"WORKDIR", FORM_TEXT},
};

struct line {
	const char *rest;
	char escape;
	unsigned depth; /* of ONBUILD */
	struct instruction *in;
	struct arena *arena;
	struct err *err;
};

const char *instruction_name(enum instruction_kind kind)
{
	return kind > INSTRUCTION_UNKNOWN && kind < INSTRUCTION_KINDS ? kinds[kind].name : "";
}

enum instruction_kind instruction_kind(const char *name)
{
	for (int k = INSTRUCTION_UNKNOWN + 1; k < INSTRUCTION_KINDS; k++)
		if (strcasecmp(kinds[k].name, name) == 0)
			return (enum instruction_kind)k;
	return INSTRUCTION_UNKNOWN;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_blanks(const char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

static void add_arg(struct line *l, const char *text, size_t len)
{
	strings_add(l->arena, &l->in->args, arena_strndup(l->arena, text, len));
}

static void split_words(struct line *l)
{
	for (const char *p = skip_blanks(l->rest), *end; *p; p = skip_blanks(end)) {
		for (end = p; *end && !is_blank(*end); end++)
			;
		add_arg(l, p, (size_t)(end - p));
	}
}

/* A word up to a blank outside of quotes, with its quotes and escapes; a last escape is dropped. */
static const char *quoted_word(const char *p, char escape, struct buf *word)
{
	char quote = '\0';

	for (; *p && (quote || !is_blank(*p)); p++) {
		if (*p == escape && quote != '\'') {
			if (!p[1])
				return p + 1;
			buf_addc(word, *p++);
		} else if (quote ? *p == quote : (*p == '\'' || *p == '"')) {
			quote = quote ? '\0' : *p;
		}
		buf_addc(word, *p);
	}
	return p;
}

static void split_quoted(struct line *l)
{
	for (const char *p = skip_blanks(l->rest); *p; p = skip_blanks(p)) {
		own_buf struct buf word = {0};

		p = quoted_word(p, l->escape, &word);
		if (word.len)
			add_arg(l, word.data, word.len);
	}
}

static int split_pairs(struct line *l)
{
	struct strings *args = &l->in->args;
	const char *name_end;

	split_quoted(l);
	if (!args->count)
		return 0;
	if (strchr(args->items[0], '=')) {
		for (size_t i = 0; i < args->count; i++)
			if (!strchr(args->items[i], '='))
				return err_set(l->err, E_SYNTAX,
					"Syntax error - can't find = in \"%s\". Must be of the form: "
					"name=value",
					args->items[i]);
		return 0;
	}
	/* the old form: the rest of the line is one value */
	for (name_end = l->rest; *name_end && !is_blank(*name_end); name_end++)
		;
	if (!*skip_blanks(name_end))
		return err_set(l->err, E_SYNTAX, "%s must have two arguments", l->in->name);
	l->in->legacy = true;
	args->count = 1;
	args->items[0] = arena_printf(
		l->arena, "%.*s=%s", (int)(name_end - l->rest), l->rest, skip_blanks(name_end));
	return 0;
}

/* Returns 1 when text is a JSON array of strings, 0 when it is no JSON array. */
static int parse_json(struct line *l, const char *text)
{
	const struct json *array;
	struct err why;

	text = skip_blanks(text);
	if (*text != '[')
		return 0;
	array = json_parse(l->arena, text, strlen(text), DOCKERFILE_MAX, &why);
	if (!array && strstr(text, "\\u0000"))
		return err_set(l->err, E_SYNTAX, "a string in a JSON array cannot contain NUL");
	if (!array || array->type != JSON_ARRAY)
		return 0;
	json_each (v, array) {
		if (v->type != JSON_STRING)
			return err_set(l->err, E_SYNTAX,
				"when using JSON array syntax, arrays must be "
				"comprised of strings only");
		add_arg(l, v->text, strlen(v->text));
	}
	l->in->json = true;
	return 1;
}

static int json_or_text(struct line *l, const char *text)
{
	int r = parse_json(l, text);

	if (r == 0 && *text)
		add_arg(l, text, strlen(text));
	return r < 0 ? r : 0;
}

static int parse_health(struct line *l)
{
	const char *end = l->rest;

	while (*end && !is_blank(*end))
		end++;
	if (end == l->rest)
		return 0;
	add_arg(l, l->rest, (size_t)(end - l->rest));
	return json_or_text(l, skip_blanks(end));
}

static int parse_line(struct line *l, const char *text);

static int parse_onbuild(struct line *l)
{
	struct line inner = *l;

	if (!*l->rest)
		return 0;
	if (l->depth)
		return err_set(
			l->err, E_SYNTAX, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
	add_arg(l, l->rest, strlen(l->rest));
	inner.depth++;
	inner.in = l->in->trigger = arena_alloc(l->arena, sizeof(*inner.in));
	return parse_line(&inner, l->rest);
}

static int parse_args(struct line *l)
{
	int r;

	switch (kinds[l->in->kind].form) {
	case FORM_TEXT:
		if (*l->rest)
			add_arg(l, l->rest, strlen(l->rest));
		return 0;
	case FORM_WORDS:
		split_words(l);
		return 0;
	case FORM_QUOTED:
		split_quoted(l);
		return 0;
	case FORM_PAIRS:
		return split_pairs(l);
	case FORM_JSON_TEXT:
		return json_or_text(l, l->rest);
	case FORM_JSON_WORDS:
		r = parse_json(l, l->rest);
		if (r == 0)
			split_words(l);
		return r < 0 ? r : 0;
	case FORM_HEALTH:
		return parse_health(l);
	case FORM_TRIGGER:
		return parse_onbuild(l);
	}
	return 0;
}

/* One word that begins with "--", without its quotes and escapes. Here '\' always escapes. */
static const char *flag_word(const char *p, struct buf *word)
{
	char quote = '\0';

	for (; *p && (quote || !is_blank(*p)); p++) {
		if (*p == '\\') {
			if (!p[1])
				return p + 1;
			p++;
		} else if (quote ? *p == quote : (*p == '\'' || *p == '"')) {
			quote = quote ? '\0' : *p;
			continue;
		}
		buf_addc(word, *p);
	}
	return p;
}

/* Flags right behind the name; "--" alone ends them. l->rest moves behind them. */
static void parse_flags(struct line *l)
{
	struct instruction *in = l->in;
	const char *p = skip_blanks(l->rest);
	size_t most = 0;

	for (const char *q = p; (q = strstr(q, "--")); q += 2)
		most++;
	in->flags.items = arena_array(l->arena, most, sizeof(*in->flags.items));
	while (strncmp(p, "--", 2) == 0) {
		own_buf struct buf word = {0};
		char *text, *value;

		p = skip_blanks(flag_word(p, &word));
		if (strcmp(buf_str(&word), "--") == 0)
			break;
		text = arena_strdup(l->arena, buf_str(&word) + 2);
		value = strchr(text, '=');
		if (value)
			*value++ = '\0';
		in->flags.items[in->flags.count++] = (struct instruction_flag){text, value};
	}
	l->rest = p;
}

static int parse_line(struct line *l, const char *text)
{
	struct instruction *in = l->in;
	const char *end = text;
	char *name;

	in->original = text;
	while (*end && !is_blank(*end))
		end++;
	name = arena_strndup(l->arena, text, (size_t)(end - text));
	in->kind = instruction_kind(name);
	in->name = in->kind ? kinds[in->kind].name : name;
	l->rest = skip_blanks(end);
	if (in->kind == INSTRUCTION_UNKNOWN)
		return 0;
	parse_flags(l);
	return parse_args(l);
}

int instruction_parse(
	const char *line, char escape, struct instruction *in, struct arena *a, struct err *err)
{
	struct line l = {.escape = escape, .in = in, .arena = a, .err = err};
	size_t len;

	line = skip_blanks(line);
	for (len = strlen(line); len && is_blank(line[len - 1]); len--)
		;
	return parse_line(&l, arena_strndup(a, line, len));
}

const char *instruction_flag(const struct instruction *in, const char *name)
{
	for (size_t i = 0; i < in->flags.count; i++)
		if (strcmp(in->flags.items[i].name, name) == 0)
			return in->flags.items[i].value ? in->flags.items[i].value : "true";
	return NULL;
}

bool instruction_flag_true(const struct instruction *in, const char *name)
{
	const char *value = instruction_flag(in, name);

	return value && strcasecmp(value, "false") != 0;
}

static const char *no_value(const void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static size_t count_quotes(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s == '\'' || *s == '"';
	return n;
}

bool heredoc_parse(const char *word, struct heredoc *h, struct arena *a)
{
	struct err ignored;
	struct substitution s = {.escape = '\\', .lookup = no_value, .keep_unset = true};
	own_strv struct strv bare = {0}, quoted = {0};
	int64_t fd = 0;

	for (; isdigit((unsigned char)*word); word++)
		if (fd < 1 << 20)
			fd = fd * 10 + (*word - '0');
	if (strncmp(word, "<<", 2) != 0)
		return false;
	word += 2;
	h->chomp = *word == '-';
	word = skip_blanks(word + h->chomp);
	if (!*word || strchr(word, '<'))
		return false;
	if (substitute_words(&s, word, &bare, &ignored) < 0 || bare.count != 1)
		return false;
	s.keep_quotes = true;
	if (substitute_words(&s, word, &quoted, &ignored) < 0 || quoted.count != 1)
		return false;
	h->fd = fd;
	h->name = arena_strdup(a, bare.items[0]);
	h->expand = count_quotes(bare.items[0]) == count_quotes(quoted.items[0]);
	h->content = "";
	return true;
}

const char *heredoc_text(const struct heredoc *h, struct arena *a)
{
	own_buf struct buf text = {0};
	bool start = true;

	if (!h->chomp)
		return h->content;
	for (const char *p = h->content; *p; p++) {
		if (start && *p == '\t')
			continue;
		buf_addc(&text, *p);
		start = *p == '\n';
	}
	return arena_strdup(a, buf_str(&text));
}
