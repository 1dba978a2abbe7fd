/* SPDX-License-Identifier: Apache-2.0 */
/* The options of one entry of config.json's mounts (runtime-spec, config.md, Linux mount options).
 */
#ifndef KIST_RUNTIME_MOUNT_OPTIONS_H
#define KIST_RUNTIME_MOUNT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/schema.h"

#define MOUNT_OPTIONS_MAX 64

struct mount_options {
	uint64_t set, clear;                     /* MOUNT_ATTR_* of this mount alone */
	uint64_t recursive_set, recursive_clear; /* "rro" and its kin */
	uint64_t propagation;                    /* MS_PRIVATE and its kin; 0: not asked for */
	bool propagation_recursive;
	bool bind, recursive; /* "bind", "rbind" */
	bool remount;
	bool copy_up; /* "tmpcopyup": a tmpfs begins with what the image has there */
	bool idmap, idmap_recursive;
	/* The file system's own, "size=64k" or "ro", borrowed from the document. */
	const char *data[MOUNT_OPTIONS_MAX];
	unsigned ndata;
};

/* Returns 0; E_LIMIT for more of the file system's own than fit. */
int mount_options_parse(const struct strings *options, struct mount_options *out, struct err *err);

/* "shared", "rslave", ...: MS_* with *recursive, or 0 when the word is none of them. */
uint64_t mount_propagation(const char *word, bool *recursive);

#endif
