/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/filter.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

#define PATTERN_COST_MAX 4096 /* bytes of a pattern, times its repetitions */

static bool has_key(const char *text, const char *key)
{
	size_t n = strlen(key);

	return strncmp(text, key, n) == 0 && text[n] == '=';
}

int filters_parse(
	const struct strv *texts, const char *const *keys, struct filters *f, struct err *err)
{
	for (size_t i = 0; i < texts->count; i++) {
		const char *text = texts->items[i];
		size_t k = 0;

		if (!strchr(text, '='))
			return err_set(err, E_USAGE,
				"invalid argument \"%s\" for \"-f, --filter\" flag: bad format of filter "
				"(expected name=value)",
				text);
		while (keys[k] && !has_key(text, keys[k]))
			k++;
		if (!keys[k])
			return err_set(err, EINVAL, "invalid filter '%.*s'",
				(int)strcspn(text, "="), text);
	}
	f->texts = texts;
	return 0;
}

const char *filters_value(const struct filters *f, const char *key)
{
	for (size_t i = 0; i < f->texts->count; i++)
		if (has_key(f->texts->items[i], key))
			return f->texts->items[i] + strlen(key) + 1;
	return NULL;
}

bool filters_have(const struct filters *f, const char *key)
{
	return filters_value(f, key);
}

bool filters_match(const struct filters *f, const char *key,
	bool (*match)(const void *object, const char *value), const void *object)
{
	bool given = false;

	for (size_t i = 0; i < f->texts->count; i++) {
		const char *text = f->texts->items[i];

		if (!has_key(text, key))
			continue;
		given = true;
		if (match(object, text + strlen(key) + 1))
			return true;
	}
	return !given;
}

/*
 * What a pattern costs grows with its length, with the product of its repetitions, and with
 * back-references beyond all measure. Go's regexp, which docker has, knows no back-references and
 * no more than 1,000 repetitions.
 */
static bool is_affordable(const char *pattern)
{
	size_t cost = strlen(pattern);

	for (const char *p = pattern; *p && cost <= PATTERN_COST_MAX; p++) {
		if (*p == '\\' && p[1]) {
			p++;
			if (isdigit((unsigned char)*p))
				return false;
		} else if (*p == '+') {
			cost *= 2; /* a repetition is copied once for it: "a++++" is 16 of them */
		} else if (*p == '{') {
			unsigned long least = strtoul(p + 1, NULL, 10);
			const char *comma = p + 1 + strspn(p + 1, "0123456789");
			unsigned long most = *comma == ',' ? strtoul(comma + 1, NULL, 10) : 0;

			least = most > least ? most : least;
			if (least > PATTERN_COST_MAX)
				return false;
			cost *= least ? least : 1;
		}
	}
	return cost <= PATTERN_COST_MAX;
}

bool filter_name(const void *name, const char *pattern)
{
	own_mem char *with_slash = xasprintf("/%s", (const char *)name);
	regex_t re;
	bool match;

	if (!is_affordable(pattern) || regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		return strcmp(name, pattern) == 0;
	match = regexec(&re, name, 0, NULL, 0) == 0 || regexec(&re, with_slash, 0, NULL, 0) == 0;
	regfree(&re);
	return match;
}

bool filter_label(const void *labels, const char *value)
{
	const struct string_map *map = labels;
	size_t n = strcspn(value, "=");

	for (size_t i = 0; i < map->count; i++) {
		const char *key = map->items[i].key;

		if (strncmp(key, value, n) == 0 && !key[n])
			return !value[n] || strcmp(map->items[i].value, value + n + 1) == 0;
	}
	return false;
}

bool filter_equal(const void *text, const char *value)
{
	return strcmp(text, value) == 0;
}

bool filter_prefix(const void *text, const char *value)
{
	return strncmp(text, value, strlen(value)) == 0;
}
