/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/names.h"

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

/* Open addressing; name NULL: free. */
struct name_slot {
	const char *name;
	size_t len, at;
};

/* FNV-1a from a beginning that nobody outside knows: no Dockerfile can make all names collide. */
static size_t hash(const char *name, size_t len)
{
	const void *random = (const void *)getauxval(AT_RANDOM); /* 16 bytes of the kernel's */
	uint64_t h = 0xcbf29ce484222325, seed = 0;

	if (random)
		memcpy(&seed, random, sizeof(seed));
	h ^= seed;
	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3;
	return (size_t)(h ^ h >> 32);
}

/* The slot of the name, or the free one where it belongs. There is always a free one. */
static struct name_slot *slot_of(const struct names *x, const char *name, size_t len)
{
	size_t i = hash(name, len) & (x->nslots - 1);

	while (x->slots[i].name &&
		(x->slots[i].len != len || memcmp(x->slots[i].name, name, len) != 0))
		i = (i + 1) & (x->nslots - 1);
	return &x->slots[i];
}

static const struct name_slot *find(const struct names *x, const char *name, size_t len)
{
	const struct name_slot *slot = x->nslots ? slot_of(x, name, len) : NULL;

	return slot && slot->name ? slot : NULL;
}

static void add(struct names *x, const char *name, size_t len, struct arena *a)
{
	struct name_slot *slot;

	if (x->count * 2 >= x->nslots) {
		struct names more = {.nslots = x->nslots ? 4 * x->nslots : 16};

		more.slots = arena_array(a, more.nslots, sizeof(*more.slots));
		for (size_t i = 0; i < x->nslots; i++)
			if (x->slots[i].name)
				*slot_of(&more, x->slots[i].name, x->slots[i].len) = x->slots[i];
		x->slots = more.slots;
		x->nslots = more.nslots;
	}
	slot = slot_of(x, name, len);
	if (!slot->name)
		*slot = (struct name_slot){name, len, x->count};
	x->count++;
}

void names_read_variables(struct names *x, const struct strings *list, struct arena *a)
{
	while (x->count < list->count) {
		const char *entry = list->items[x->count];

		add(x, entry, strcspn(entry, "="), a);
	}
}

const char *names_get_variable(const struct names *x, const struct strings *list, const char *name)
{
	size_t len = strlen(name);
	const struct name_slot *slot = find(x, name, len);

	if (!slot || list->items[slot->at][len] != '=')
		return NULL; /* an image may have an entry without a value */
	return list->items[slot->at] + len + 1;
}

void names_set_variable(
	struct names *x, struct strings *list, const char *name, const char *value, struct arena *a)
{
	const char *entry = arena_printf(a, "%s=%s", name, value);
	const struct name_slot *slot;

	names_read_variables(x, list, a);
	slot = find(x, name, strlen(name));
	if (slot) {
		list->items[slot->at] = entry;
		return;
	}
	strings_add(a, list, entry);
	names_read_variables(x, list, a);
}

static void read_pairs(struct names *x, const struct string_map *map, struct arena *a)
{
	while (x->count < map->count)
		add(x, map->items[x->count].key, strlen(map->items[x->count].key), a);
}

ptrdiff_t names_find_pair(const struct names *x, const char *key)
{
	const struct name_slot *slot = find(x, key, strlen(key));

	return slot ? (ptrdiff_t)slot->at : -1;
}

void names_set_pair(struct names *x, struct string_map *map, const char *key, const char *value,
	struct arena *a)
{
	ptrdiff_t at;

	read_pairs(x, map, a);
	at = names_find_pair(x, key);
	if (at < 0 && x->room <= map->count) {
		struct string_pair *items;

		x->room = map->count < 8 ? 16 : 2 * map->count;
		items = arena_array(a, x->room, sizeof(*items));
		if (map->count)
			memcpy(items, map->items, map->count * sizeof(*items));
		map->items = items;
	}
	if (at < 0) {
		at = (ptrdiff_t)map->count++;
		map->items[at].key = arena_strdup(a, key);
	}
	map->items[at].value = arena_strdup(a, value);
	read_pairs(x, map, a);
}

bool names_add_word(struct names *x, struct strings *set, const char *word, struct arena *a)
{
	while (x->count < set->count)
		add(x, set->items[x->count], strlen(set->items[x->count]), a);
	if (find(x, word, strlen(word)))
		return false;
	strings_add(a, set, word);
	add(x, set->items[x->count], strlen(word), a);
	return true;
}

struct strings strings_copy(const struct strings *list, struct arena *a)
{
	struct strings copy = {.count = list->count};
	size_t room = 1;

	/* what strings_add() expects: a power of two, and room for the NULL of an argv */
	while (room < list->count)
		room *= 2;
	copy.items = arena_array(a, room + 2, sizeof(*copy.items));
	if (list->count)
		memcpy(copy.items, list->items, list->count * sizeof(*copy.items));
	return copy;
}
