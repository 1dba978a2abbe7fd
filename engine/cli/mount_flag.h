/* SPDX-License-Identifier: Apache-2.0 */
/* -v, --mount and --tmpfs: what is to be mounted in a container. */
#ifndef KIST_ENGINE_MOUNT_FLAG_H
#define KIST_ENGINE_MOUNT_FLAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"

enum mount_kind { MOUNT_BIND, MOUNT_VOLUME, MOUNT_TMPFS };

struct mount_request {
	enum mount_kind kind;
	const char *source; /* host path, or volume name; NULL: an anonymous volume, or tmpfs */
	const char *destination; /* absolute */
	bool read_only;
	bool make_source;        /* -v: a missing host directory is made */
	bool no_copy;            /* an empty volume does not get the image's files */
	bool not_recursive;      /* what is mounted beneath the source is not seen */
	const char *propagation; /* "rprivate", "rshared", ...; NULL: rprivate */
	const char *tmpfs;       /* options, "size=64m,mode=1777"; NULL: none */
	const char *mode;        /* as -v had it, "ro,z"; "" when there was none */
};

struct mount_requests {
	struct mount_request *items;
	size_t count;
};

/*
 * Add one -v: [SOURCE:]PATH[:ro|rw|PROPAGATION|nocopy|z|Z,...]. Strings live in the arena.
 * E_USAGE in docker's words ("invalid mode: bogus").
 */
int mount_flag_volume(
	const char *text, struct mount_requests *list, struct arena *a, struct err *err);

/* Add one --mount: type=bind|volume|tmpfs,source=...,target=...,readonly,... */
int mount_flag_mount(
	const char *text, struct mount_requests *list, struct arena *a, struct err *err);

/* Add one --tmpfs: PATH[:OPTIONS]. */
int mount_flag_tmpfs(
	const char *text, struct mount_requests *list, struct arena *a, struct err *err);

/* "Duplicate mount point: /data" when two go to the same place. Returns 0. */
int mount_flag_check(const struct mount_requests *list, struct err *err);

#endif
