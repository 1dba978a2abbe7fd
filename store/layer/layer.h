/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing layers: a directory, the difference of two, or an overlayfs upper directory as a tar with
 * OCI whiteouts (image-spec, layer.md). Reading one is the business of kist-layer alone, because a
 * layer's bytes are hostile: see store/layer/layer_worker.h.
 */
#ifndef KIST_STORE_LAYER_H
#define KIST_STORE_LAYER_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/tar.h"
#include "spec/layer_result.h"

#define LAYER_WHITEOUT_PREFIX ".wh."
#define LAYER_WHITEOUT_OPAQUE ".wh..wh..opq"

/*
 * All three walk once, in one fixed order (a directory before its content, names by their bytes),
 * and hand the tar to output() piece by piece. Kept are mode with set-id bits, owners, whole
 * seconds of mtime, hard links, security.capability, user.* and POSIX ACLs; overlayfs's own
 * attributes and sockets are left out. Descriptors are borrowed, real ones (not O_PATH) of
 * directories. Names that a layer cannot hold (".wh." in front, paths over TAR_PATH_MAX) are
 * errors. *result is set on success. Returns 0.
 */
int layer_write_pack(
	int dir, tar_output *output, void *arg, struct layer_result *result, struct err *err);

/*
 * What upper adds to lower: new and changed entries with the directories they are in, and whiteouts
 * for what is missing. Regular files are the same when their metadata is; their content is read
 * only when both times are whole seconds.
 */
int layer_write_diff(int lower, int upper, tar_output *output, void *arg,
	struct layer_result *result, struct err *err);

/*
 * The same for an overlayfs upper directory, without reading what is below: character devices 0:0
 * become whiteouts, opaque directories opaque whiteouts. E_UNSUPPORTED when the mount used
 * redirect_dir or metacopy, whose upper directory is not complete by itself.
 */
int layer_write_overlay(
	int upper, tar_output *output, void *arg, struct layer_result *result, struct err *err);

#endif
