/* SPDX-License-Identifier: Apache-2.0 */
#include "store/digest_set.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

void digest_set_release(struct digest_set *set)
{
	free(set->items);
	*set = (struct digest_set){0};
}

void digest_set_add(struct digest_set *set, const struct digest *digest)
{
	if (set->count == set->cap) {
		set->cap = set->cap ? 2 * set->cap : 64;
		set->items = xreallocarray(set->items, set->cap, sizeof(*set->items));
	}
	set->items[set->count++] = *digest;
	set->sorted = false;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct digest *)a)->text, ((const struct digest *)b)->text);
}

bool digest_set_has(struct digest_set *set, const char *hex)
{
	struct digest key = digest_from_hex(hex);

	if (!set->count)
		return false;
	if (!set->sorted)
		qsort(set->items, set->count, sizeof(*set->items), compare);
	set->sorted = true;
	return bsearch(&key, set->items, set->count, sizeof(*set->items), compare);
}
