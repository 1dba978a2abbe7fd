/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The build cache: ROOT/cache/build/steps/KEY says which layer a step made. A key is the digest of
 * everything that went into the step; an entry counts only while its layer exists. Entries are
 * written after their layer is on disk, so a build killed at any time leaves no wrong one.
 */
#ifndef KIST_BUILDER_CACHE_H
#define KIST_BUILDER_CACHE_H

#include "builder/stage.h"
#include "lib/sha256.h"

/* A key that is being computed: fields in order, none of which can be mistaken for two. */
struct cache_key {
	struct sha256 sha;
	char hex[SHA256_HEX_LEN + 1]; /* after cache_key_end() */
};

/* Begin with what every step depends on: the kind, the layers below, user and directory. */
void cache_key_begin(struct cache_key *k, const struct stage *s, const char *kind);
void cache_key_add(struct cache_key *k, const char *field); /* NULL differs from "" */
void cache_key_add_all(struct cache_key *k, const struct strings *fields);
void cache_key_end(struct cache_key *k);

/* What a step made. */
struct cache_entry {
	const char *diff_id; /* NULL: no layer */
	const char *created; /* RFC 3339 */
};

/*
 * Look a key up; with --no-cache nothing is found. Strings live in the build's arena. Returns 1 or
 * 0, or a negative code when the cache cannot be read.
 */
int cache_find(struct build *b, const struct cache_key *k, struct cache_entry *e, struct err *err);

/* Remember what a step made. Its layer is published. Returns 0. */
int cache_add(
	struct build *b, const struct cache_key *k, const struct cache_entry *e, struct err *err);

/* The packed form of a layer, as long as its blob exists. Returns 1 or 0, or a negative code. */
int cache_find_blob(struct build *b, const char *diff_id, struct descriptor *blob, struct err *err);
int cache_add_blob(
	struct build *b, const char *diff_id, const struct descriptor *blob, struct err *err);

#endif
