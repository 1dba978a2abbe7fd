/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-push -i: an OCI layout as a tar stream into a registry. Blobs are uploaded as they come,
 * manifests are held until everything they refer to is there; no file is written.
 */
#ifndef KIST_PULLER_PUSH_LAYOUT_H
#define KIST_PULLER_PUSH_LAYOUT_H

#include "puller/progress.h"
#include "puller/registry.h"
#include "spec/reference.h"

/*
 * Read the archive (plain, gzip or zstd) from fd to its end and push its image, or of several the
 * one that is named like ref, to ref. Nothing is tagged when the archive ends early or lacks
 * something. Returns 0.
 */
int push_from_layout(int fd, struct registry *registry, const struct reference *ref,
	struct progress *progress, struct err *err);

#endif
