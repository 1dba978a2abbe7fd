/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by libcrypto, as the hex text that OCI digests carry. */
#ifndef KIST_LIB_SHA256_H
#define KIST_LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX_LEN 64

struct sha256 {
	void *ctx; /* SHA256_CTX */
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *data, size_t len);

/* The digest so far, as lower-case hex plus NUL; ends the computation. */
void sha256_finish(struct sha256 *s, char hex[SHA256_HEX_LEN + 1]);
void sha256_release(struct sha256 *s);

void sha256_hex(const void *data, size_t len, char hex[SHA256_HEX_LEN + 1]);

/*
 * The digest of what fd still has to read, up to its end. Returns the number of bytes, or -errno of
 * the read that failed.
 */
int64_t sha256_fd(int fd, char hex[SHA256_HEX_LEN + 1]);

#endif
