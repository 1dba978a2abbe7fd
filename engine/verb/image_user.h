/* SPDX-License-Identifier: Apache-2.0 */
/* Who needs an image: shared by rmi and image prune. */
#ifndef KIST_ENGINE_IMAGE_USER_H
#define KIST_ENGINE_IMAGE_USER_H

#include "engine/verb/engine.h"
#include "spec/digest.h"

/*
 * Which container has the image? *user gets its id, NULL: none. A running one is found first.
 * Returns 0.
 */
int image_user(struct engine *e, const struct digest *id, const char **user, bool *running,
	struct err *err);

#endif
