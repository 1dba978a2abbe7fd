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
		free(d->rules[i].plain);
	}
	free(d->rules);
	free(d->plain);
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
	if ((d->count & (d->count - 1)) == 0)
		d->rules = xreallocarray(d->rules, d->count ? 2 * d->count : 1, sizeof(*d->rules));
	rule = &d->rules[d->count];
	memset(rule, 0, sizeof(*rule));
	if (glob_parse(p, GLOB_STAR_STAR, &rule->glob, err) < 0)
		return -err->code;
	rule->include = include;
	if (!glob_is_pattern(p))
		rule->plain = xstrdup(p);
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

static int by_path(const void *a, const void *b)
{
	const struct ignore_rule *const *x = a, *const *y = b;
	int order = strcmp((*x)->plain, (*y)->plain);

	return order ? order : *x < *y ? -1 : *x > *y;
}

/* Plain paths are looked up, not read along: a file may name hundreds of thousands. */
static void sort_plain(struct dockerignore *d)
{
	if (d->sorted == d->count)
		return;
	free(d->plain);
	d->plain = xcalloc(d->count, sizeof(*d->plain));
	d->nplain = 0;
	for (size_t i = 0; i < d->count; i++)
		if (d->rules[i].plain)
			d->plain[d->nplain++] = &d->rules[i];
	qsort(d->plain, d->nplain, sizeof(*d->plain), by_path);
	d->sorted = d->count;
}

/* The first plain rule whose path is not before this one. */
static size_t first_plain(const struct dockerignore *d, const char *path, size_t len)
{
	size_t low = 0, high = d->nplain;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(d->plain[middle]->plain, path, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void ignore_place_release(struct ignore_place *p)
{
	free(p->live);
	free(p->states);
	*p = (struct ignore_place){0};
}

void ignore_begin(struct dockerignore *d, struct ignore_place *p)
{
	size_t words = 0;

	*p = (struct ignore_place){.rules = d && d->count ? d : NULL, .top = true};
	if (!p->rules)
		return;
	sort_plain(d);
	for (size_t i = 0; i < d->count; i++)
		words += d->rules[i].plain ? 0 : glob_words(&d->rules[i].glob);
	p->live = xcalloc(d->count, sizeof(*p->live));
	p->states = xcalloc(words, sizeof(*p->states));
	words = 0;
	for (size_t i = 0; i < d->count; i++) {
		if (d->rules[i].plain)
			continue;
		p->live[p->nlive] = (struct ignore_live){i, p->states + words};
		glob_begin(&d->rules[i].glob, p->live[p->nlive++].states);
		words += glob_words(&d->rules[i].glob);
	}
}

static void decide(struct ignore_place *p, size_t rule)
{
	if (rule + 1 > p->decided)
		p->decided = rule + 1;
}

void ignore_enter(
	const struct ignore_place *at, const char *path, const char *name, struct ignore_place *p)
{
	const struct dockerignore *d = at->rules;
	size_t words = 0, most = 0, len = strlen(name);
	own_mem uint64_t *scratch = NULL;

	*p = (struct ignore_place){.rules = at->rules, .decided = at->decided};
	if (!d)
		return;
	for (size_t i = first_plain(d, path, strlen(path) + 1);
		i < d->nplain && strcmp(d->plain[i]->plain, path) == 0; i++)
		decide(p, (size_t)(d->plain[i] - d->rules));
	if (!at->nlive)
		return;
	for (size_t i = 0; i < at->nlive; i++) {
		size_t n = glob_words(&d->rules[at->live[i].rule].glob);

		words += n;
		most = n > most ? n : most;
	}
	p->live = xcalloc(at->nlive, sizeof(*p->live));
	p->states = xcalloc(words, sizeof(*p->states));
	scratch = xcalloc(most, sizeof(*scratch));
	words = 0;
	for (size_t i = 0; i < at->nlive; i++) {
		const struct ignore_live *above = &at->live[i];
		const struct glob *g = &d->rules[above->rule].glob;
		uint64_t *states = p->states + words;

		memcpy(states, above->states, glob_words(g) * sizeof(*states));
		if ((!at->top && !glob_read(g, states, scratch, "/", 1)) ||
			!glob_read(g, states, scratch, name, len))
			continue;
		if (glob_matches(g, states))
			decide(p, above->rule);
		p->live[p->nlive++] = (struct ignore_live){above->rule, states};
		words += glob_words(g);
	}
}

bool ignore_excludes(const struct ignore_place *p)
{
	return p->decided && !p->rules->rules[p->decided - 1].include;
}

bool ignore_may_include_below(const struct ignore_place *p, const char *path)
{
	const struct dockerignore *d = p->rules;
	own_mem uint64_t *states = NULL;
	own_mem char *below = NULL;
	size_t len;

	if (!d || !d->has_includes)
		return false;
	below = xasprintf("%s/", path);
	len = strlen(below);
	for (size_t i = first_plain(d, below, len);
		i < d->nplain && strncmp(d->plain[i]->plain, below, len) == 0; i++)
		if (d->plain[i]->include)
			return true;
	for (size_t i = 0; i < p->nlive; i++) {
		const struct ignore_rule *rule = &d->rules[p->live[i].rule];
		size_t words = glob_words(&rule->glob);

		if (!rule->include)
			continue;
		states = xreallocarray(states, 2 * words, sizeof(*states));
		memcpy(states, p->live[i].states, words * sizeof(*states));
		if (p->top || glob_read(&rule->glob, states, states + words, "/", 1))
			return true;
	}
	return false;
}

void ignore_path(struct dockerignore *d, const char *path, struct ignore_place *p)
{
	own_mem char *part = xstrdup(path);
	char *name = part;

	ignore_begin(d, p);
	while (*name) {
		struct ignore_place below;
		size_t n = strcspn(name, "/");
		char end = name[n];

		name[n] = '\0';
		ignore_enter(p, part, name, &below);
		ignore_place_release(p);
		*p = below;
		name[n] = end;
		name += n + (end == '/');
	}
}
