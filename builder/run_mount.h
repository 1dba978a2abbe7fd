/* SPDX-License-Identifier: Apache-2.0 */
/* RUN --mount: the words of one flag. Pure but for the expansion of variables. */
#ifndef KIST_BUILDER_RUN_MOUNT_H
#define KIST_BUILDER_RUN_MOUNT_H

#include "builder/variables.h"

enum run_mount_type {
	RUN_MOUNT_BIND,
	RUN_MOUNT_CACHE,
	RUN_MOUNT_TMPFS,
	RUN_MOUNT_SECRET,
	RUN_MOUNT_SSH,
};

enum run_mount_sharing { SHARING_SHARED, SHARING_PRIVATE, SHARING_LOCKED };

#define RUN_MOUNT_CACHE_MODE 0755 /* of a cache directory that says none */

struct run_mount {
	enum run_mount_type type;
	const char *target; /* absolute */
	const char *source; /* bind, cache: "" for all of it */
	const char *from;   /* bind: a stage or an image; NULL: the context */
	const char *id;     /* cache, secret, ssh */
	const char *env; /* secret: the variable that holds it; "true": named after id; or NULL */
	bool readonly;
	bool required; /* secret, ssh: a step without it fails */
	enum run_mount_sharing sharing;
	unsigned mode, uid, gid; /* of a new cache directory; of a secret */
	int64_t size;            /* tmpfs: 0 for no limit */
	const char *text;        /* as written: part of the step's key */
};

/*
 * Parse the flag's value; targets are relative to directory. Strings live in v's arena. Returns 0,
 * E_SYNTAX in docker's words, or E_UNSUPPORTED for what is not executed.
 */
int run_mount_parse(const char *text, const struct variables *v, const char *directory,
	struct run_mount *m, struct err *err);

/* The type alone: E_UNSUPPORTED for one that is not executed, E_SYNTAX for an unknown one. */
int run_mount_check_type(const char *text, const struct variables *v, struct err *err);

#endif
