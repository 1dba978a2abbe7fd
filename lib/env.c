/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/env.h"

#include <stdint.h>
#include <string.h>

#include "lib/own.h"

/* Entries by name: open addressing over places in entries, 0 means free. */
struct names {
	const char **entries; /* NULL: taken away */
	size_t count;
	size_t *slots;
	size_t mask;
};

static size_t name_length(const char *entry)
{
	return strcspn(entry, "=");
}

static size_t hash(const char *name, size_t len)
{
	uint64_t h = 0xcbf29ce484222325; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 0x100000001b3;
	return (size_t)(h ^ h >> 32);
}

/* The slot of a name: its last entry's, or the free one where it belongs. */
static size_t *find(const struct names *n, const char *entry)
{
	size_t len = name_length(entry);
	size_t at = hash(entry, len) & n->mask;

	for (; n->slots[at]; at = (at + 1) & n->mask) {
		const char *other = n->entries[n->slots[at] - 1];

		if (name_length(other) == len && memcmp(other, entry, len) == 0)
			break;
	}
	return &n->slots[at];
}

void env_merge(struct strings *env, const struct strings *more, struct arena *a)
{
	size_t most = env->count + more->count, room = 16;
	own_mem size_t *slots = NULL;
	own_mem const char **entries = xcalloc(most, sizeof(*entries));
	own_mem unsigned char *gone = xcalloc(most, 1);
	struct names n = {.entries = entries};
	struct strings merged = {0};

	while (room < most * 2)
		room *= 2;
	n.slots = slots = xcalloc(room, sizeof(*slots));
	n.mask = room - 1;
	for (size_t i = 0; i < most; i++) {
		bool old = i < env->count;
		const char *entry = old ? env->items[i] : more->items[i - env->count];
		size_t *slot = find(&n, entry);

		if (!old && !strchr(entry, '=')) {
			if (*slot)
				gone[*slot - 1] = 1;
			continue;
		}
		if (!old && *slot && !gone[*slot - 1]) {
			entries[*slot - 1] = entry;
			continue;
		}
		/* of two entries that were there the first is the one that getenv() sees */
		entries[n.count++] = entry;
		if (!*slot || gone[*slot - 1])
			*slot = n.count;
	}
	for (size_t i = 0; i < n.count; i++)
		if (!gone[i])
			strings_add(a, &merged, entries[i]);
	*env = merged;
}
