/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/key_index.h"

#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

#define ROOM_FIRST 16

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/*
 * SipHash-1-3 (Aumasson and Bernstein 2012) over the key and its NUL, keyed with the 16 random
 * bytes that the kernel gives each process.
 */
static uint64_t hash(const char *key)
{
	const void *seed = (const void *)getauxval(AT_RANDOM); /* NOLINT: that is how it is given */
	size_t len = strlen(key);
	uint64_t k[2] = {0}, v[4], word;

	if (seed)
		memcpy(k, seed, sizeof(k));
	v[0] = k[0] ^ UINT64_C(0x736f6d6570736575);
	v[1] = k[1] ^ UINT64_C(0x646f72616e646f6d);
	v[2] = k[0] ^ UINT64_C(0x6c7967656e657261);
	v[3] = k[1] ^ UINT64_C(0x7465646279746573);
	for (; len >= sizeof(word); key += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, key, sizeof(word));
		v[3] ^= word;
		mix(v);
		v[0] ^= word;
	}
	word = UINT64_C(1) << 56; /* an end that is no byte of a key's */
	for (size_t i = 0; i < len; i++)
		word |= (uint64_t)(unsigned char)key[i] << 8 * i;
	v[3] ^= word;
	mix(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	mix(v);
	mix(v);
	mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The key's slot, or the free one where it belongs. */
static struct key_slot *find(const struct key_index *index, const char *key)
{
	size_t at = hash(key) & (index->room - 1);

	while (index->slots[at].key && strcmp(index->slots[at].key, key) != 0)
		at = (at + 1) & (index->room - 1);
	return &index->slots[at];
}

static void grow(struct key_index *index, struct arena *a)
{
	struct key_index more = {.room = index->room ? 2 * index->room : ROOM_FIRST};

	more.slots = arena_array(a, more.room, sizeof(*more.slots));
	for (size_t i = 0; i < index->room; i++)
		if (index->slots[i].key)
			*find(&more, index->slots[i].key) = index->slots[i];
	more.count = index->count;
	*index = more;
}

size_t *key_index_at(struct key_index *index, const char *key, struct arena *a)
{
	struct key_slot *slot;

	if (2 * (index->count + 1) > index->room)
		grow(index, a);
	slot = find(index, key);
	if (!slot->key) {
		slot->key = key;
		index->count++;
	}
	return &slot->value;
}

size_t key_index_get(const struct key_index *index, const char *key)
{
	return index->room ? find(index, key)->value : 0;
}
