/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside store/: a blob's bytes, uncompressed. What inflates them sees bytes that somebody else
 * made: it is kist-archive, shut in, and no code of the program that wants them.
 */
#ifndef KIST_STORE_INFLATED_H
#define KIST_STORE_INFLATED_H

#include "lib/stream.h"
#include "spec/digest.h"
#include "store/store.h"

/* The blob as a stream, which the caller frees; one that is not compressed is read as it is. NULL
 * on failure. A failure in the middle is next()'s. */
struct stream *blob_inflated(struct store *store, const struct digest *digest, struct err *err);

#endif
