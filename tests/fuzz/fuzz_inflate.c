/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever compressed bytes are, and however they are cut: no crash, and the same outcome. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/stream.h"

#define SIZE_LIMIT (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
	struct stream base;
	const uint8_t *at;
	size_t left, piece;
};

static ssize_t pieces_next(struct stream *s, const void **block, struct err *err)
{
	struct pieces *p = (struct pieces *)s;
	size_t n = p->left < p->piece ? p->left : p->piece;

	(void)err;
	*block = p->at;
	p->at += n;
	p->left -= n;
	return (ssize_t)n;
}

static void pieces_release(struct stream *s)
{
	free(s);
}

/* The digest of what comes out, and whether it ended well. */
static int inflate(const uint8_t *data, size_t size, size_t piece, char hex[SHA256_HEX_LEN + 1])
{
	static const struct stream_ops ops = {pieces_next, pieces_release, NULL};
	struct pieces *p = xmalloc(sizeof(*p));
	struct sha256 sha256;
	struct err err;
	struct stream *s;
	int64_t n;

	*p = (struct pieces){{&ops}, data, size, piece};
	sha256_init(&sha256);
	s = stream_tee_digest(
		stream_limit(stream_inflate(&p->base, NULL), SIZE_LIMIT, "it"), &sha256, NULL);
	n = stream_drain(s, &err);
	if (n < 0 && stream_drain(s, &err) >= 0)
		abort(); /* what is damaged stays so */
	stream_free(s);
	sha256_finish(&sha256, hex);
	return n >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char whole[SHA256_HEX_LEN + 1], cut[SHA256_HEX_LEN + 1];
	int a, b;

	a = inflate(data, size, size ? size : 1, whole);
	b = inflate(data, size, 7, cut);
	if (a && b && strcmp(whole, cut) != 0)
		abort();
	/* libzstd checks a frame's announced size only when it sees the whole of it at once */
	if (a != b && size && *data == 0x1f)
		abort();
	return 0;
}
