/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which inodes this layer has made or named: a whiteout that is applied must not remove what its
 * own layer brings (image-spec, layer.md: whiteouts act on lower layers only). Bounded: with more
 * than LAYER_SEEN_MAX entries the question cannot be answered any more.
 */
#ifndef KIST_STORE_LAYER_SEEN_H
#define KIST_STORE_LAYER_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define LAYER_SEEN_MAX (1u << 20)

struct layer_seen {
	uint64_t *slots; /* 0: free */
	size_t count, cap;
	bool overflow;
};

void layer_seen_release(struct layer_seen *s);
void layer_seen_add(struct layer_seen *s, const struct stat *st);
bool layer_seen_has(const struct layer_seen *s, const struct stat *st);

#endif
