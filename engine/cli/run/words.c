/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of flags as the lists and maps of docker's words. */
#include <string.h>

#include "engine/cli/run/options.h"
#include "engine/docker/unique.h"

void run_take(struct strings *to, const struct strv *from, struct arena *a)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(a, to, from->items[i]);
}

void run_pairs(struct string_map *map, const struct strings *list, struct arena *a)
{
	*map = (struct string_map){.items = arena_array(a, list->count, sizeof(*map->items))};
	for (size_t i = 0; i < list->count; i++) {
		const char *text = list->items[i];
		size_t key = strcspn(text, "=");

		map->items[map->count++] = (struct string_pair){
			arena_strndup(a, text, key), text[key] ? text + key + 1 : ""};
	}
	unique_pairs(map);
	if (!map->count)
		map->items = NULL;
}

int64_t *run_optional(const struct optional_number *n, struct arena *a)
{
	int64_t *value;

	if (!n->given)
		return NULL;
	value = arena_alloc(a, sizeof(*value));
	*value = n->value;
	return value;
}
