/* SPDX-License-Identifier: Apache-2.0 */
/* Named volumes: volumes/<name>/_data. */
#ifndef KIST_STORE_VOLUME_H
#define KIST_STORE_VOLUME_H

#include <stdbool.h>

#include "lib/mem.h"
#include "lib/schema.h"
#include "store/store.h"

struct volume {
	const char *name;
	const char *path;    /* absolute, of _data */
	const char *created; /* RFC 3339 */
	struct string_map labels;
	bool anonymous;
};

struct volume_list {
	struct volume *items;
	size_t count;
	struct strings
		damaged; /* why others cannot be read, a sentence each with the file's name */
};

/*
 * Make the volume; one that is there stays as it is. name NULL: an anonymous one with a random
 * name of 64 hex digits. Strings of *volume live in the arena. Returns 1 when it was made, 0 when
 * it was there; a bad name is E_USAGE.
 */
int volume_create(struct store *store, const char *name, const struct string_map *labels,
	struct volume *volume, struct arena *a, struct err *err);

/* E_NOT_FOUND. */
int volume_find(struct store *store, const char *name, struct volume *volume, struct arena *a,
	struct err *err);

/* Sorted by name; one that is damaged hides no other. Returns 0. */
int volume_list(struct store *store, struct volume_list *list, struct arena *a, struct err *err);

/*
 * Copy what is in the directory path of a root file system into the volume, with owner and mode of
 * the directory itself, unless the volume has something in it; a path that is not there, or is no
 * directory, has nothing. A copy that fails leaves the volume empty. Returns 0.
 */
int volume_populate(
	struct store *store, const char *name, int root, const char *path, struct err *err);

/* The volume's own directory (with _data). The caller closes the descriptor. E_NOT_FOUND. */
int volume_open(struct store *store, const char *name, struct err *err);

/* The caller knows that no container uses it. E_NOT_FOUND. */
int volume_remove(struct store *store, const char *name, struct err *err);

#endif
