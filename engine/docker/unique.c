/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/unique.h"

#include <stdlib.h>
#include <string.h>

#include "lib/own.h"

/* Equal keys stand side by side, the first one in front. */
static int by_key(const void *one, const void *two)
{
	const struct string_pair *a = *(struct string_pair *const *)one;
	const struct string_pair *b = *(struct string_pair *const *)two;
	int r = strcmp(a->key, b->key);

	return r ? r : (a > b) - (a < b);
}

void unique_pairs(struct string_map *map)
{
	own_mem struct string_pair **sorted = xcalloc(map->count, sizeof(*sorted));
	struct string_pair *first = NULL;
	size_t kept = 0;

	for (size_t i = 0; i < map->count; i++)
		sorted[i] = &map->items[i];
	qsort(sorted, map->count, sizeof(*sorted), by_key);
	for (size_t i = 0; i < map->count; i++) {
		if (first && strcmp(first->key, sorted[i]->key) == 0) {
			first->value = sorted[i]->value;
			sorted[i]->value = NULL;
		} else {
			first = sorted[i];
		}
	}
	for (size_t i = 0; i < map->count; i++)
		if (map->items[i].value)
			map->items[kept++] = map->items[i];
	map->count = kept;
}

void unique_strings(struct strings *list)
{
	own_mem struct string_pair *pairs = xcalloc(list->count, sizeof(*pairs));
	struct string_map map = {pairs, list->count};

	for (size_t i = 0; i < list->count; i++)
		pairs[i] = (struct string_pair){list->items[i], ""};
	unique_pairs(&map);
	for (size_t i = 0; i < map.count; i++)
		list->items[i] = map.items[i].key;
	list->count = map.count;
	if (list->items)
		list->items[list->count] = NULL;
}
