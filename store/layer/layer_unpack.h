/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unpacking the entries of a layer beneath a directory. This runs inside the sandbox of kist-layer
 * (store/layer/layer_sandbox.h), and yet trusts no name: everything is opened beneath the root.
 */
#ifndef KIST_STORE_LAYER_UNPACK_H
#define KIST_STORE_LAYER_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/tar.h"
#include "store/layer/layer_worker.h"

struct layer_unpack_target {
	int root; /* borrowed; a real descriptor, not O_PATH */
	enum layer_whiteouts whiteouts;
	bool user_xattrs; /* overlayfs's attributes as user.overlay.*: we are not the host's root */
	bool owners;      /* false: everything stays ours */
	bool devices;     /* false: device nodes are skipped and counted */
	int implied_fd;   /* -1: none */
	uint64_t max_entries; /* 0: no limit */
};

/*
 * Unpack all entries. Counts those that were seen, and the device nodes that could not be made. The
 * umask must be 0. Attributes that the file system does not support are left out with a warning
 * (once, through *warning: text to print, or NULL). Returns 0.
 */
int layer_unpack_entries(struct tar_reader *tar, const struct layer_unpack_target *target,
	struct layer_result *result, const char **warning, struct err *err);

#endif
