/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kist-pull -o: an image as an OCI layout in a tar stream, in the order that docs/pipes.md gives.
 * Blobs pass from the network into the stream; nothing is kept, whatever their size.
 */
#ifndef KIST_PULLER_PULL_LAYOUT_H
#define KIST_PULLER_PULL_LAYOUT_H

#include "lib/output.h"
#include "puller/progress.h"
#include "puller/registry.h"
#include "spec/reference.h"

/*
 * Write the image of the platform (NULL: ours), or with all_platforms the whole index, to out, and
 * publish it. A blob that does not have its digest ends the stream without the archive's
 * end. A file appears complete or not at all. Returns 0.
 */
int pull_to_layout(struct registry *registry, const struct reference *ref, const char *platform,
	bool all_platforms, struct output *out, struct progress *progress, struct err *err);

#endif
