/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of a layer that is being written: files with their data, hard links, whiteouts. */
#ifndef KIST_STORE_LAYER_EMIT_H
#define KIST_STORE_LAYER_EMIT_H

#include <stdint.h>
#include <sys/stat.h>

#include "lib/err.h"
#include "lib/sha256.h"
#include "lib/tar.h"
#include "store/layer/layer.h"
#include "store/layer/layer_xattr.h"

struct layer_links; /* inodes with several names, and the first of these */

struct layer_emitter {
	tar_output *output;
	void *arg;
	struct tar_writer *tar;
	struct sha256 sha256;
	uint64_t size, entries, skipped;
	struct layer_links *links;
};

void layer_emitter_init(struct layer_emitter *em, tar_output *output, void *arg);
void layer_emitter_release(struct layer_emitter *em);

/*
 * Write one entry. path is relative, without '/' at its end ("" is the root). fd: the open file or
 * directory, or -1 for other types; dirfd and name lead to those. xattrs may be NULL. Returns 0.
 */
struct layer_source {
	const char *path;
	const struct stat *st;
	int fd;
	int dirfd;
	const char *name;
	const struct layer_xattrs *xattrs;
};

int layer_emit(struct layer_emitter *em, const struct layer_source *source, struct err *err);

/* Write an empty file: a whiteout. */
int layer_emit_whiteout(struct layer_emitter *em, const char *path, struct err *err);

/* End the tar and fill in the result. Returns 0. */
int layer_emitter_finish(struct layer_emitter *em, struct layer_result *result, struct err *err);

#endif
