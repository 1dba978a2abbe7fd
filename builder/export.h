/* SPDX-License-Identifier: Apache-2.0 */
/* From the target stage to an image: config, manifest, tags. */
#ifndef KIST_BUILDER_EXPORT_H
#define KIST_BUILDER_EXPORT_H

#include "builder/build.h"
#include "spec/digest.h"

/*
 * Write config, manifest and tags. *manifest describes the manifest, *id is the image ID. Strings
 * live in the build's arena. Returns 0.
 */
int export_image(struct stage *s, struct descriptor *manifest, struct digest *id, struct err *err);

#endif
