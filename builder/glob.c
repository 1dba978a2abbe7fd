/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

enum token_kind {
	TOKEN_CHAR,
	TOKEN_ANY,       /* '?' */
	TOKEN_STAR,      /* '*' */
	TOKEN_CLASS,     /* '[...]' */
	TOKEN_STAR_STAR, /* '**' */
	TOKEN_OPTIONAL,  /* the next token may be left out */
	TOKEN_DIRS,      /* what a double star and a slash match: anything up to a slash */
};

struct glob_token {
	enum token_kind kind;
	uint32_t character;
	const char *class; /* behind '[' or "[^" */
	size_t class_len;
	bool negated;
};

void glob_release(struct glob *g)
{
	free(g->text);
	free(g->tokens);
	memset(g, 0, sizeof(*g));
}

/* One UTF-8 character; a byte that begins none stands for itself, outside of Unicode. */
static uint32_t read_char(const char **p, const char *end)
{
	const unsigned char *s = (const unsigned char *)*p;
	size_t n = *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc0 ? 2 : 1;
	uint32_t c = n == 1 ? *s : *s & (0xffu >> (n + 1));

	if (n > (size_t)(end - *p))
		n = 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			n = 0;
		else
			c = c << 6 | (s[i] & 0x3f);
	}
	if (n == 0 || (n == 1 && *s >= 0x80)) {
		(*p)++;
		return 0x110000u + *s;
	}
	*p += n;
	return c;
}

static int bad_pattern(const char *pattern, struct err *err)
{
	return err_set(err, E_SYNTAX, "syntax error in pattern '%s'", pattern);
}

/* One end of a range in a class. Returns false at a malformed one. */
static bool class_char(const char **p, const char *end, uint32_t *c)
{
	if (*p == end || **p == '-' || **p == ']')
		return false;
	if (**p == '\\' && ++*p == end)
		return false;
	*c = read_char(p, end);
	return true;
}

/* Whether c is in the class; *p moves behind its ']'. Returns -1 at a malformed class. */
static int class_match(const char **p, const char *end, uint32_t c)
{
	bool found = false;
	uint32_t low, high;

	for (size_t n = 0; *p < end; n++) {
		if (**p == ']' && n) {
			(*p)++;
			return found;
		}
		if (!class_char(p, end, &low))
			return -1;
		high = low;
		if (*p < end && **p == '-') {
			(*p)++;
			if (!class_char(p, end, &high))
				return -1;
		}
		found |= low <= c && c <= high;
	}
	return -1;
}

static int parse_class(const char **p, const char *end, struct glob_token *t)
{
	t->kind = TOKEN_CLASS;
	t->negated = *p < end && **p == '^';
	*p += t->negated;
	t->class = *p;
	if (class_match(p, end, 0) < 0)
		return -E_SYNTAX;
	t->class_len = (size_t)(*p - t->class);
	return 0;
}

/* Tokens of one or two stars; p is behind the first. Returns how many tokens were made. */
static size_t parse_star(const char **p, unsigned flags, struct glob_token *t)
{
	if (**p != '*' || !(flags & GLOB_STAR_STAR)) {
		t->kind = TOKEN_STAR;
		return 1;
	}
	while (**p == '*')
		(*p)++;
	if (**p != '/') {
		t->kind = TOKEN_STAR_STAR;
		return 1;
	}
	(*p)++;
	t[0].kind = TOKEN_OPTIONAL;
	t[1].kind = TOKEN_DIRS;
	return 2;
}

int glob_parse(const char *pattern, unsigned flags, struct glob *g, struct err *err)
{
	own_glob struct glob made = {.text = xstrdup(pattern)};
	size_t len = strlen(pattern);
	const char *p = made.text, *end = p + len;

	made.tokens = xcalloc(len + 1, sizeof(*made.tokens));
	while (p < end) {
		struct glob_token *t = &made.tokens[made.count++];
		char c = *p++;

		if (c == '*') {
			made.count += parse_star(&p, flags, t) - 1;
		} else if (c == '?') {
			t->kind = TOKEN_ANY;
		} else if (c == '[') {
			if (parse_class(&p, end, t) < 0)
				return bad_pattern(pattern, err);
		} else {
			if (c != '\\')
				p--;
			else if (p == end)
				return bad_pattern(pattern, err);
			t->kind = TOKEN_CHAR;
			t->character = read_char(&p, end);
		}
	}
	*g = made;
	made = (struct glob){0};
	return 0;
}

/* State i: the tokens before i have matched what was read. */
static bool has(const uint64_t *states, size_t i)
{
	return states[i / 64] >> i % 64 & 1;
}

static void put(uint64_t *states, size_t i)
{
	states[i / 64] |= UINT64_C(1) << i % 64;
}

/* The state, and those that need no reading: a star may match nothing, an optional token go. */
static void enter(const struct glob *g, uint64_t *states, size_t i)
{
	while (!has(states, i)) {
		enum token_kind kind = i < g->count ? g->tokens[i].kind : TOKEN_CHAR;

		put(states, i++);
		if (kind == TOKEN_OPTIONAL)
			put(states, i++); /* what may be left out is read in any case */
		else if (kind != TOKEN_STAR && kind != TOKEN_STAR_STAR)
			return;
	}
}

static void step(const struct glob *g, size_t i, uint32_t c, uint64_t *next)
{
	const struct glob_token *t = &g->tokens[i];
	const char *class = t->class;

	switch (t->kind) {
	case TOKEN_CHAR:
		if (c == t->character)
			enter(g, next, i + 1);
		break;
	case TOKEN_ANY:
		if (c != '/')
			enter(g, next, i + 1);
		break;
	case TOKEN_STAR:
		if (c != '/')
			enter(g, next, i);
		break;
	case TOKEN_CLASS:
		if (c != '/' && (class_match(&class, class + t->class_len, c) > 0) != t->negated)
			enter(g, next, i + 1);
		break;
	case TOKEN_STAR_STAR:
		enter(g, next, i);
		break;
	case TOKEN_DIRS:
		enter(g, next, i);
		if (c == '/')
			enter(g, next, i + 1);
		break;
	case TOKEN_OPTIONAL:
		break;
	}
}

size_t glob_words(const struct glob *g)
{
	return g->count / 64 + 1;
}

void glob_begin(const struct glob *g, uint64_t *states)
{
	memset(states, 0, glob_words(g) * sizeof(*states));
	enter(g, states, 0);
}

bool glob_read(
	const struct glob *g, uint64_t *states, uint64_t *scratch, const char *text, size_t len)
{
	size_t words = glob_words(g);
	const char *p = text, *end = text + len;
	bool alive = true;

	while (p < end && alive) {
		uint32_t c = read_char(&p, end);

		memset(scratch, 0, words * sizeof(*scratch));
		for (size_t w = 0; w < words; w++)
			for (uint64_t left = states[w]; left; left &= left - 1) {
				size_t i = w * 64 + (size_t)__builtin_ctzll(left);

				if (i < g->count)
					step(g, i, c, scratch);
			}
		alive = false;
		for (size_t w = 0; w < words; w++) {
			states[w] = scratch[w];
			alive |= states[w] != 0;
		}
	}
	return alive;
}

bool glob_matches(const struct glob *g, const uint64_t *states)
{
	return has(states, g->count);
}

bool glob_match(const struct glob *g, const char *path, size_t len)
{
	uint64_t on_stack[2], *states = on_stack;
	own_mem uint64_t *heap = NULL;
	size_t words = glob_words(g);

	if (words > 1)
		states = heap = xcalloc(2 * words, sizeof(*heap));
	glob_begin(g, states);
	return glob_read(g, states, states + words, path, len) && glob_matches(g, states);
}

bool glob_is_pattern(const char *text)
{
	return strpbrk(text, "*?[\\") != NULL;
}
