/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_seen.h"

#include <stdlib.h>

#include "lib/mem.h"

void layer_seen_release(struct layer_seen *s)
{
	free(s->slots);
}

/* Device and inode as one number that is never 0. */
static uint64_t key_of(const struct stat *st)
{
	uint64_t key = (uint64_t)st->st_ino ^ (uint64_t)st->st_dev << 48;

	return key ? key : 1;
}

/* The key's slot, or the free one where it belongs. */
static size_t find(const struct layer_seen *s, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (s->cap - 1);

	while (s->slots[i] && s->slots[i] != key)
		i = (i + 1) & (s->cap - 1);
	return i;
}

static void grow(struct layer_seen *s)
{
	const struct layer_seen old = *s;

	s->cap = old.cap ? 2 * old.cap : 1024;
	s->slots = xcalloc(s->cap, sizeof(*s->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i])
			s->slots[find(s, old.slots[i])] = old.slots[i];
	free(old.slots);
}

void layer_seen_add(struct layer_seen *s, const struct stat *st)
{
	const uint64_t key = key_of(st);
	size_t i;

	if (2 * (s->count + 1) > s->cap)
		grow(s);
	i = find(s, key);
	if (s->slots[i])
		return;
	if (s->count == LAYER_SEEN_MAX) {
		s->overflow = true;
		return;
	}
	s->slots[i] = key;
	s->count++;
}

bool layer_seen_has(const struct layer_seen *s, const struct stat *st)
{
	return s->cap && s->slots[find(s, key_of(st))];
}
