/* SPDX-License-Identifier: Apache-2.0 */
/* Applying whiteouts: removing what lower layers left, and keeping what the present layer made. */
#ifndef KIST_STORE_LAYER_REMOVE_H
#define KIST_STORE_LAYER_REMOVE_H

#include "lib/err.h"
#include "store/layer/layer_seen.h"

/* Levels of directories that are searched for entries of the present layer; more is E_LIMIT. */
#define LAYER_REMOVE_DEPTH_MAX 256

/* Remove name and what is in it, but for what *seen holds. Missing is no error. Returns 0. */
int layer_remove(int dirfd, const char *name, const struct layer_seen *seen, struct err *err);

/* Remove what is in the directory itself, but for what *seen holds. Returns 0. */
int layer_remove_content(int dirfd, const struct layer_seen *seen, struct err *err);

#endif
