/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 with padding (RFC 4648, 4), for Basic authentication and auth files. */
#ifndef KIST_LIB_BASE64_H
#define KIST_LIB_BASE64_H

#include "lib/buf.h"

void base64_encode(const void *data, size_t len, struct buf *out);

/* Missing padding is accepted, anything else outside the alphabet is not. Returns 0, or -EINVAL. */
int base64_decode(const char *text, size_t len, struct buf *out);

#endif
