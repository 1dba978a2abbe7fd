/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers by their keys, for lists that come from outside and may be long. Which keys share a place
 * is different in every process, so that nobody can choose them so.
 */
#ifndef KIST_LIB_KEY_INDEX_H
#define KIST_LIB_KEY_INDEX_H

#include <stddef.h>

#include "lib/mem.h"

struct key_slot {
	const char *key; /* NULL: free */
	size_t value;
};

/* A zeroed one is empty. */
struct key_index {
	struct key_slot *slots;
	size_t room, count;
};

/*
 * Where the key's value is; 0 when the key is new. The key stays borrowed. Valid until the next
 * call.
 */
size_t *key_index_at(struct key_index *index, const char *key, struct arena *a);

/* The key's value; 0 when it is not there, too. */
size_t key_index_get(const struct key_index *index, const char *key);

#endif
