/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of the documents (strings, maps) whose entries are found by name at a cost that does not
 * grow with them, as ENV, ARG, LABEL, EXPOSE and VOLUME fill them from outside. Pure.
 */
#ifndef KIST_BUILDER_NAMES_H
#define KIST_BUILDER_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/schema.h"

struct name_slot;

/*
 * The index of one list, which only grows through it. Zeroed it is valid, also beside a list that
 * has entries already. Lives in the arena that is given.
 */
struct names {
	struct name_slot *slots;
	size_t nslots, count; /* entries of the list that stand in it */
	size_t room;          /* of a map's array that is ours; 0: it is not */
};

/* Take in what a list has: "NAME=value" entries; of two of one name the first is found. */
void names_read_variables(struct names *x, const struct strings *list, struct arena *a);

/* The value of "NAME=value", or NULL. The list stands in the index. */
const char *names_get_variable(const struct names *x, const struct strings *list, const char *name);

/* Put "NAME=value" into the list, in the place of an entry of that name. */
void names_set_variable(struct names *x, struct strings *list, const char *name, const char *value,
	struct arena *a);

/* Put the pair into the map, in the place of one of that key. */
void names_set_pair(struct names *x, struct string_map *map, const char *key, const char *value,
	struct arena *a);

/* The place of a pair, or -1. The map stands in the index. */
ptrdiff_t names_find_pair(const struct names *x, const char *key);

/* Add the word to the set. Returns false when it was there. */
bool names_add_word(struct names *x, struct strings *set, const char *word, struct arena *a);

/* A list of its own with the same words, with strings_add()'s room. In the arena. */
struct strings strings_copy(const struct strings *list, struct arena *a);

#endif
