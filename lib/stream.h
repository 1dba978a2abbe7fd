/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of bytes that compose: descriptor -> inflate -> digest -> reader. A stream hands out its
 * own block instead of copying into the caller's, so that a byte is touched once per stage.
 */
#ifndef KIST_LIB_STREAM_H
#define KIST_LIB_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/sha256.h"

struct stream;

struct stream_ops {
	/* The next block, valid until the next call. Returns its length, 0 at the end, or -errno.
	 */
	ssize_t (*next)(struct stream *s, const void **block, struct err *err);
	void (*release)(struct stream *s);
	/* See stream_splice(). NULL: never. */
	int64_t (*splice)(struct stream *s, int pipe, uint64_t n, struct err *err);
};

/* Embedded as the first member of every kind of stream. */
struct stream {
	const struct stream_ops *ops;
};

ssize_t stream_next(struct stream *s, const void **block, struct err *err);

/*
 * Move up to n of the bytes that come next into a pipe, unseen and without a copy (splice(2)).
 * Returns how many. 0: they have to be read, because the stream changes them, has some of them in
 * memory, or ends.
 */
int64_t stream_splice(struct stream *s, int pipe, uint64_t n, struct err *err);

void stream_free(struct stream *s); /* NULL is fine; frees the streams beneath, too */

static inline void own_stream_release(struct stream **s)
{
	stream_free(*s);
}

#define own_stream __attribute__((cleanup(own_stream_release)))

/* All constructors take over the stream beneath; the caller frees the result. */

/* Blocks read from fd, which is borrowed: the caller closes it after stream_free(). */
struct stream *stream_from_fd(int fd);

/* More than max bytes is E_LIMIT; what names the object in the message (borrowed). */
struct stream *stream_limit(struct stream *inner, uint64_t max, const char *what);

/* The bytes pass unchanged; *sha256 (may be NULL) and *count see each of them. */
struct stream *stream_tee_digest(struct stream *inner, struct sha256 *sha256, uint64_t *count);

enum compression { COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTD };

/*
 * Decompress by the first bytes: gzip (RFC 1952, also several members) or zstd (RFC 8878, windows
 * up to 128 MiB), else unchanged. A stream that ends early or has trailing garbage is E_SYNTAX.
 * *kind (may be NULL) gets what was found, once the first block was read.
 */
struct stream *stream_inflate(struct stream *inner, enum compression *kind);

/* Read to the end. Returns the bytes seen. */
int64_t stream_drain(struct stream *s, struct err *err);

/* Compressing writer: blocks in, compressed bytes to fd. */
struct deflater;

/*
 * level 0: the format's default, for gzip the fastest good one (ISA-L where it is there); other
 * levels are zlib's 1..9 and libzstd's. The output depends on the bytes alone, not on how they were
 * cut into writes, and carries no time. fd is borrowed.
 */
struct deflater *deflater_new(int fd, enum compression kind, int level);
int deflater_write(struct deflater *d, const void *data, size_t len, struct err *err);
int deflater_finish(
	struct deflater *d, struct err *err); /* flush everything; then deflater_free() */
void deflater_free(struct deflater *d);

#endif
