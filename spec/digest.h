/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, "sha256:<64 hex digits>" (image-spec, descriptor.md, Digests). */
#ifndef KIST_SPEC_DIGEST_H
#define KIST_SPEC_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

#define DIGEST_PREFIX     "sha256:"
#define DIGEST_PREFIX_LEN 7
#define DIGEST_HEX_LEN    64
#define DIGEST_LEN        (DIGEST_PREFIX_LEN + DIGEST_HEX_LEN)

/* The text of a valid digest; by value, nothing to free. Empty text: no digest. */
struct digest {
	char text[DIGEST_LEN + 1];
};

/*
 * Accepts exactly sha256 with 64 lower-case hex digits: what names a file in blobs/ must not be
 * able to name anything else. Returns 0 or E_SYNTAX (E_UNSUPPORTED for other known algorithms).
 */
int digest_parse(const char *text, struct digest *digest, struct err *err);

bool digest_valid(const char *text);
bool digest_equal(const struct digest *a, const struct digest *b);

/* Is it 64 lower-case hex digits and nothing else? */
bool digest_hex_valid(const char *text);

/* The 64 hex digits. Borrowed from *digest. */
const char *digest_hex(const struct digest *digest);

/* From 64 hex digits that are known to be right (our own computation). */
struct digest digest_from_hex(const char *hex);

#endif
