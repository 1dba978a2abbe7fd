/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The low-level calls of libcrypto, which OpenSSL 3 calls deprecated but keeps: the same assembly
 * as behind EVP, without the 5 ms that loading the default provider costs each process.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "lib/sha256.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

static void crypto_failed(void)
{
	fputs("libcrypto has no SHA-256\n", stderr);
	_Exit(1);
}

void sha256_init(struct sha256 *s)
{
	s->ctx = xmalloc(sizeof(SHA256_CTX));
	if (!SHA256_Init(s->ctx))
		crypto_failed();
}

void sha256_update(struct sha256 *s, const void *data, size_t len)
{
	if (!SHA256_Update(s->ctx, data, len))
		crypto_failed();
}

void sha256_finish(struct sha256 *s, char hex[SHA256_HEX_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[SHA256_DIGEST_LENGTH];

	if (!SHA256_Final(raw, s->ctx))
		crypto_failed();
	for (size_t i = 0; i < sizeof(raw); i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[SHA256_HEX_LEN] = '\0';
	sha256_release(s);
}

void sha256_release(struct sha256 *s)
{
	free(s->ctx);
	s->ctx = NULL;
}

void sha256_hex(const void *data, size_t len, char hex[SHA256_HEX_LEN + 1])
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, data, len);
	sha256_finish(&s, hex);
}

int64_t sha256_fd(int fd, char hex[SHA256_HEX_LEN + 1])
{
	own(sha256_release) struct sha256 s = {0};
	char block[64 * 1024]; /* on the stack: most callers have many small files */
	int64_t total = 0;
	ssize_t n;

	sha256_init(&s);
	while ((n = io_read_full(fd, block, sizeof(block))) > 0) {
		sha256_update(&s, block, (size_t)n);
		total += n;
	}
	if (n < 0)
		return n;
	sha256_finish(&s, hex);
	return total;
}
