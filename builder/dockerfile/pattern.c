/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/pattern.h"

#include <stdint.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

void pattern_release(struct pattern *p)
{
	free(p->elements);
	memset(p, 0, sizeof(*p));
}

/* Bytes of the UTF-8 character at s; a byte that starts none counts as one. */
static size_t char_len(const char *s, size_t left)
{
	unsigned char c = (unsigned char)*s;
	size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

	if (n > left)
		return 1;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 1;
	return n;
}

int pattern_parse(const char *text, struct pattern *p, struct err *err)
{
	own_pattern struct pattern made = {0};
	size_t left = strlen(text);

	made.elements = xcalloc(left + 1, sizeof(*made.elements));
	while (left) {
		struct pattern_element *e = &made.elements[made.count++];
		bool escaped = *text == '\\';

		if (escaped) {
			text++;
			left--;
			if (!left || !strchr("*?\\}/", *text))
				return err_set(err, E_SYNTAX,
					"invalid pattern in substitution: invalid escape '\\%.*s'",
					left ? (int)char_len(text, left) : 0, text);
		}
		e->kind = escaped      ? PATTERN_CHAR
			: *text == '*' ? PATTERN_STAR
			: *text == '?' ? PATTERN_ANY
				       : PATTERN_CHAR;
		e->len = (unsigned char)char_len(text, left);
		memcpy(e->bytes, text, e->len);
		text += e->len;
		left -= e->len;
	}
	*p = made;
	made.elements = NULL;
	return 0;
}

/*
 * The pattern as a non-deterministic automaton: active[i] says that the elements before i have
 * matched what was read so far. Time is characters times elements, whatever the stars are.
 */
struct machine {
	const struct pattern *pattern;
	bool backwards;
	bool *active, *next;
	uint64_t steps; /* over the life of the machine */
};

static const struct pattern_element *element(const struct machine *m, size_t i)
{
	return &m->pattern->elements[m->backwards ? m->pattern->count - 1 - i : i];
}

/* A star may match nothing: what stands before one also stands behind it. */
static void skip_stars(const struct machine *m, bool *active)
{
	for (size_t i = 0; i < m->pattern->count; i++)
		if (active[i] && element(m, i)->kind == PATTERN_STAR)
			active[i + 1] = true;
}

/* One character more. Returns whether any state is left. */
static bool step(struct machine *m, const char *c, size_t len)
{
	size_t count = m->pattern->count;
	bool alive = false, *swap;

	memset(m->next, 0, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct pattern_element *e = element(m, i);

		if (!m->active[i])
			continue;
		if (e->kind == PATTERN_CHAR ? e->len == len && memcmp(e->bytes, c, len) == 0
					    : *c != '\n') {
			m->next[e->kind == PATTERN_STAR ? i : i + 1] = true;
			alive = true;
		}
	}
	m->steps += count + 1;
	swap = m->active;
	m->active = m->next;
	m->next = swap;
	skip_stars(m, m->active);
	return alive;
}

/* Length of the match that starts (backwards: ends) at the edge of text, or -1, or -E_LIMIT. */
static int64_t match(struct machine *m, const char *text, size_t len, bool longest)
{
	int64_t found = -1;
	size_t at = 0;

	memset(m->active, 0, m->pattern->count + 1);
	m->active[0] = true;
	skip_stars(m, m->active);
	for (;;) {
		const char *c = text + at;
		size_t n;

		if (m->active[m->pattern->count]) {
			found = (int64_t)at;
			if (!longest)
				return found;
		}
		if (at == len)
			return found;
		if (m->backwards) {
			const char *end = text + len - at;

			for (n = 1; n < 4 && n < len - at && (end[-(long)n] & 0xc0) == 0x80; n++)
				;
			if (char_len(end - n, n) != n)
				n = 1;
			c = end - n;
		} else {
			n = char_len(c, len - at);
		}
		at += n;
		if (m->steps > PATTERN_STEPS_MAX)
			return -E_LIMIT;
		if (!step(m, c, n))
			return found;
	}
}

static struct machine machine_make(const struct pattern *p, bool backwards)
{
	return (struct machine){
		.pattern = p,
		.backwards = backwards,
		.active = xcalloc(p->count + 1, sizeof(bool)),
		.next = xcalloc(p->count + 1, sizeof(bool)),
	};
}

static void machine_release(struct machine *m)
{
	free(m->active);
	free(m->next);
}

static int too_costly(struct err *err)
{
	return err_set(err, E_LIMIT, "the pattern and the value of a substitution are too long");
}

static int trim(const struct pattern *p, const char *value, bool backwards, bool longest,
	struct buf *out, struct err *err)
{
	own(machine_release) struct machine m = machine_make(p, backwards);
	size_t len = strlen(value);
	int64_t n = match(&m, value, len, longest);

	if (n == -E_LIMIT)
		return too_costly(err);
	if (n < 0)
		n = 0;
	buf_add(out, backwards ? value : value + n, len - (size_t)n);
	return 0;
}

int pattern_trim_prefix(
	const struct pattern *p, const char *value, bool longest, struct buf *out, struct err *err)
{
	return trim(p, value, false, longest, out, err);
}

int pattern_trim_suffix(
	const struct pattern *p, const char *value, bool longest, struct buf *out, struct err *err)
{
	return trim(p, value, true, longest, out, err);
}

static bool only_stars(const struct pattern *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->elements[i].kind != PATTERN_STAR)
			return false;
	return true;
}

/* A state that nothing led to; otherwise: where the earliest match began that led to it. */
#define NOWHERE SIZE_MAX

static void lead_to(const struct pattern *p, size_t *begins, size_t i, size_t begin)
{
	for (; begins[i] > begin; i++) {
		begins[i] = begin;
		if (i == p->count || p->elements[i].kind != PATTERN_STAR)
			return;
	}
}

/*
 * The leftmost match behind from, and of those the longest. Every state carries where its match
 * began, so that one pass tries all beginnings. Returns 1, 0 when there is none, or -E_LIMIT.
 */
static int search(struct machine *m, size_t *states[2], const char *text, size_t len, size_t from,
	size_t *begin, size_t *end)
{
	const struct pattern *p = m->pattern;
	size_t best = NOWHERE;

	for (size_t i = 0; i <= p->count; i++)
		states[0][i] = NOWHERE;
	for (size_t at = from;;) {
		size_t *now = states[0], *next = states[1], n;
		bool alive = false;

		if (best == NOWHERE)
			lead_to(p, now, 0, at);
		if (now[p->count] != NOWHERE && now[p->count] <= best) {
			best = now[p->count];
			*begin = best;
			*end = at;
		}
		if (at == len)
			return best != NOWHERE;
		m->steps += p->count + 1;
		if (m->steps > PATTERN_STEPS_MAX)
			return -E_LIMIT;
		n = char_len(text + at, len - at);
		for (size_t i = 0; i <= p->count; i++)
			next[i] = NOWHERE;
		for (size_t i = 0; i < p->count; i++) {
			const struct pattern_element *e = &p->elements[i];

			if (now[i] == NOWHERE || now[i] > best)
				continue;
			if (e->kind == PATTERN_CHAR
					? e->len != n || memcmp(e->bytes, text + at, n) != 0
					: text[at] == '\n')
				continue;
			lead_to(p, next, e->kind == PATTERN_STAR ? i : i + 1, now[i]);
			alive = true;
		}
		if (best != NOWHERE && !alive)
			return 1;
		states[0] = next;
		states[1] = now;
		at += n;
	}
}

/* Matches are never empty here, and none of them overlap. */
static int replace_found(struct machine *m, const char *value, const char *replacement, bool all,
	struct buf *out, struct err *err)
{
	size_t room = m->pattern->count + 1, len = strlen(value), at = 0, begin = 0, end = 0;
	own_mem size_t *memory = xcalloc(2 * room, sizeof(*memory));
	size_t *states[2] = {memory, memory + room};
	int found;

	while ((found = search(m, states, value, len, at, &begin, &end)) > 0) {
		buf_add(out, value + at, begin - at);
		buf_adds(out, replacement);
		at = end;
		if (!all)
			break;
	}
	if (found < 0)
		return too_costly(err);
	buf_adds(out, value + at);
	return 0;
}

/* A pattern of nothing but stars matches also where nothing stands, and what it matches is a line.
 */
static int replace_anything(struct machine *m, const char *value, const char *replacement, bool all,
	struct buf *out, struct err *err)
{
	size_t len = strlen(value), at = 0, match_end = SIZE_MAX;

	for (;;) {
		int64_t n = match(m, value + at, len - at, true);
		size_t c;

		if (n == -E_LIMIT)
			return too_costly(err);
		/* an empty match right behind another one does not count, as in Go's regexp */
		if (n > 0 || (n == 0 && at != match_end)) {
			buf_adds(out, replacement);
			at += (size_t)n;
			match_end = at;
			if (!all)
				break;
		}
		if (n > 0)
			continue;
		if (at == len)
			break;
		c = char_len(value + at, len - at);
		buf_add(out, value + at, c);
		at += c;
	}
	buf_adds(out, value + at);
	return 0;
}

int pattern_replace(const struct pattern *p, const char *value, const char *replacement, bool all,
	struct buf *out, struct err *err)
{
	own(machine_release) struct machine m = machine_make(p, false);

	return only_stars(p) ? replace_anything(&m, value, replacement, all, out, err)
			     : replace_found(&m, value, replacement, all, out, err);
}
