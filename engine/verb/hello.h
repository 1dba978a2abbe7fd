/* SPDX-License-Identifier: Apache-2.0 */
/* The image hello-world that is built into kist. */
#ifndef KIST_ENGINE_HELLO_H
#define KIST_ENGINE_HELLO_H

#include "engine/hello/image.h" /* HELLO_IMAGE_ID */
#include "lib/err.h"

/* Its OCI layout as a tar, in memory, to be read from the start. The caller closes the descriptor.
 */
int hello_image_open(struct err *err);

#endif
