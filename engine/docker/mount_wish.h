/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to be mounted in a container: docker's four ways to ask for it (Binds, Mounts, Tmpfs,
 * Volumes) as one struct.
 */
#ifndef KIST_ENGINE_MOUNT_WISH_H
#define KIST_ENGINE_MOUNT_WISH_H

#include "engine/docker/docker.h"
#include "lib/err.h"
#include "lib/mem.h"

enum mount_kind { MOUNT_BIND, MOUNT_VOLUME, MOUNT_TMPFS };

struct mount_wish {
	enum mount_kind kind;
	const char *source; /* host path, or volume name; NULL: an anonymous volume, or tmpfs */
	const char *destination; /* absolute and clean */
	bool read_only;
	bool make_source;         /* a missing host directory is made */
	bool no_copy;             /* an empty volume does not get the image's files */
	bool not_recursive;       /* what is mounted beneath the source is not seen */
	const char *propagation;  /* "rprivate", "rshared", ...; NULL: rprivate */
	const char *tmpfs;        /* options, "size=64m,mode=1777"; NULL: none */
	const char *mode;         /* as a bind had it, "ro,z"; "" when there was none */
	struct string_map labels; /* of a volume that is made for it */
};

/* Is this a host path for -v, "/x", "./x" or "../x"? Other words are names of volumes. */
bool mount_is_host_path(const char *source);

/*
 * One of Binds, [SOURCE:]PATH[:ro|rw|PROPAGATION|nocopy|...]: a missing source directory will be
 * made. Strings live in the arena. Returns 0, or E_USAGE in docker's words ("invalid mode: bogus").
 */
int mount_wish_bind(const char *text, struct mount_wish *m, struct arena *a, struct err *err);

/* One of Mounts. */
int mount_wish_mount(
	const struct docker_mount_point *p, struct mount_wish *m, struct arena *a, struct err *err);

/* One of Tmpfs: a path and its options. */
int mount_wish_tmpfs(const char *path, const char *options, struct mount_wish *m, struct arena *a,
	struct err *err);

/* One of Volumes: an anonymous volume on the path. */
int mount_wish_volume(const char *path, struct mount_wish *m, struct arena *a, struct err *err);

#endif
