/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/memory_stream.h"
#include "tests/unit/unit.h"

/* Hands out the data in pieces of one size. */
struct pieces {
	struct stream base;
	const char *at;
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

static struct stream *in_pieces(const void *data, size_t len, size_t piece)
{
	static const struct stream_ops ops = {pieces_next, pieces_release, NULL};
	struct pieces *p = xmalloc(sizeof(*p));

	*p = (struct pieces){{&ops}, data, len, piece};
	return &p->base;
}

/* Text that compresses, but not to nothing. */
static void fill(struct buf *b, size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		buf_addf(b, "line %zu of many, %zu\n", i, i * i * 2654435761u);
}

static void compress(
	const struct buf *in, enum compression kind, int level, size_t piece, struct buf *out)
{
	own_fd int fd = memfd_create("out", MFD_CLOEXEC);
	struct deflater *d = deflater_new(fd, kind, level);
	struct err err;

	for (size_t at = 0; at < in->len; at += piece) {
		size_t n = in->len - at < piece ? in->len - at : piece;

		UNIT_OK(deflater_write(d, in->data + at, n, &err), &err);
	}
	UNIT_OK(deflater_finish(d, &err), &err);
	deflater_free(d);
	lseek(fd, 0, SEEK_SET);
	UNIT_OK(io_read_fd(fd, 64u << 20, "output", out, &err), &err);
}

/* Read all through stream_inflate(). Returns the length or an error. */
static int64_t inflate_all(
	struct stream *in, enum compression *kind, struct buf *out, struct err *err)
{
	own_stream struct stream *s = stream_inflate(in, kind);
	const void *block;
	ssize_t n;

	while ((n = stream_next(s, &block, err)) > 0)
		buf_add(out, block, (size_t)n);
	if (n == 0)
		CU_ASSERT(stream_next(s, &block, err) == 0);
	return n < 0 ? n : (int64_t)out->len;
}

static void round_trips(void)
{
	static const size_t sizes[] = {1, 7, 300, 1u << 20};
	own_buf struct buf text = {0};

	fill(&text, 40000);
	for (int kind = COMPRESSION_NONE; kind <= COMPRESSION_ZSTD; kind++) {
		own_buf struct buf packed = {0};

		compress(&text, (enum compression)kind, 0, 5000, &packed);
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			own_buf struct buf out = {0};
			enum compression found;
			struct err err;

			UNIT_OK(inflate_all(in_pieces(packed.data, packed.len, sizes[i]), &found,
					&out, &err),
				&err);
			CU_ASSERT(found == (enum compression)kind);
			CU_ASSERT(
				out.len == text.len && memcmp(out.data, text.data, text.len) == 0);
		}
	}
}

static void levels_compress(void)
{
	own_buf struct buf text = {0};

	fill(&text, 20000);
	for (int level = 0; level <= 9; level += 3) {
		own_buf struct buf gzip = {0}, zstd = {0};

		compress(&text, COMPRESSION_GZIP, level, text.len, &gzip);
		compress(&text, COMPRESSION_ZSTD, level, text.len, &zstd);
		CU_ASSERT(gzip.len < text.len / 2 && zstd.len < text.len / 2);
	}
}

static void cut_does_not_matter(void)
{
	own_buf struct buf text = {0};

	fill(&text, 60000);
	for (int kind = COMPRESSION_GZIP; kind <= COMPRESSION_ZSTD; kind++) {
		for (int level = 0; level < 2; level++) {
			own_buf struct buf a = {0}, b = {0};

			compress(&text, (enum compression)kind, level, 777, &a);
			compress(&text, (enum compression)kind, level, text.len, &b);
			CU_ASSERT(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
		}
	}
}

static void gzip_has_no_time(void)
{
	own_buf struct buf text = {0}, packed = {0};

	fill(&text, 10);
	compress(&text, COMPRESSION_GZIP, 0, text.len, &packed);
	CU_ASSERT(packed.len > 10 && memcmp(packed.data + 4, "\0\0\0", 4) == 0);
	CU_ASSERT(!(packed.data[3] & 0x08)); /* no file name */
}

static void members_follow_each_other(void)
{
	own_buf struct buf text = {0};

	fill(&text, 3000);
	for (int kind = COMPRESSION_GZIP; kind <= COMPRESSION_ZSTD; kind++) {
		for (size_t piece = 1; piece < 100; piece += 13) {
			own_buf struct buf packed = {0}, out = {0};
			struct err err;

			compress(&text, (enum compression)kind, 0, text.len, &packed);
			compress(&text, (enum compression)kind, 0, text.len, &packed);
			UNIT_OK(inflate_all(in_pieces(packed.data, packed.len, piece), NULL, &out,
					&err),
				&err);
			CU_ASSERT(out.len == 2 * text.len);
		}
	}
}

/* What gzip(1) writes: a header with a name in it, in two blocks. */
static void headers_may_come_in_pieces(void)
{
	static const char header[] = "\x1f\x8b\x08\x08\0\0\0\0\0\xff"
				     "a-name-of-some-length";
	own_buf struct buf text = {0}, packed = {0}, named = {0};

	fill(&text, 100);
	compress(&text, COMPRESSION_GZIP, 0, text.len, &packed);
	buf_add(&named, header, sizeof(header));
	buf_add(&named, packed.data + 10, packed.len - 10);
	for (size_t piece = 1; piece <= sizeof(header); piece++) {
		own_buf struct buf out = {0};
		struct err err;

		UNIT_OK(inflate_all(in_pieces(named.data, named.len, piece), NULL, &out, &err),
			&err);
		CU_ASSERT(out.len == text.len && memcmp(out.data, text.data, text.len) == 0);
	}
}

static void every_cut_is_an_error(void)
{
	own_buf struct buf text = {0};

	fill(&text, 50);
	for (int kind = COMPRESSION_GZIP; kind <= COMPRESSION_ZSTD; kind++) {
		own_buf struct buf packed = {0};

		compress(&text, (enum compression)kind, 0, text.len, &packed);
		for (size_t len = 4; len < packed.len; len++) {
			own_buf struct buf out = {0};
			struct err err;

			CU_ASSERT(inflate_all(in_pieces(packed.data, len, 100), NULL, &out, &err) ==
				-E_SYNTAX);
		}
	}
}

static void trailing_garbage_is_an_error(void)
{
	static const char *const tails[] = {"x", "garbage behind it", "\0\0\0\0\0\0\0\0\0\0\0\0"};
	own_buf struct buf text = {0};

	fill(&text, 50);
	for (int kind = COMPRESSION_GZIP; kind <= COMPRESSION_ZSTD; kind++) {
		for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
			own_buf struct buf packed = {0}, out = {0};
			struct err err;

			compress(&text, (enum compression)kind, 0, text.len, &packed);
			buf_add(&packed, tails[i], i == 2 ? 12 : strlen(tails[i]));
			CU_ASSERT(inflate_all(in_pieces(packed.data, packed.len, 11), NULL, &out,
					  &err) == -E_SYNTAX);
		}
	}
}

static void wrong_checksum_is_an_error(void)
{
	own_buf struct buf text = {0}, packed = {0}, out = {0};
	struct err err;

	fill(&text, 50);
	compress(&text, COMPRESSION_GZIP, 0, text.len, &packed);
	packed.data[packed.len - 6] ^= 1;
	CU_ASSERT(inflate_all(in_pieces(packed.data, packed.len, 1000), NULL, &out, &err) ==
		-E_SYNTAX);
	CU_ASSERT(strncmp(err.msg, "gzip data is damaged: ", 22) == 0);
}

static void short_input_passes(void)
{
	static const char *const inputs[] = {"", "a", "\x1f\x8b\x08", "\x28\xb5\x2f", "abcd"};

	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		own_buf struct buf out = {0};
		enum compression kind;
		struct err err;

		UNIT_OK(inflate_all(in_pieces(inputs[i], strlen(inputs[i]), 1), &kind, &out, &err),
			&err);
		CU_ASSERT(kind == COMPRESSION_NONE);
		UNIT_STRING(buf_str(&out), inputs[i]);
	}
}

static void limit_is_exact(void)
{
	struct err err;
	own_stream struct stream *fits = stream_limit(in_pieces("12345678", 8, 3), 8, "it");
	own_stream struct stream *over = stream_limit(in_pieces("123456789", 9, 3), 8, "it");

	CU_ASSERT(stream_drain(fits, &err) == 8);
	CU_ASSERT(stream_drain(over, &err) == -E_LIMIT);
	UNIT_STRING(err.msg, "it is larger than 8 bytes");
}

static void tee_sees_everything(void)
{
	char hex[SHA256_HEX_LEN + 1];
	struct sha256 sha256;
	uint64_t count = 0;
	struct err err;
	struct stream *s;

	sha256_init(&sha256);
	s = stream_tee_digest(in_pieces("abc", 3, 1), &sha256, &count);
	CU_ASSERT(stream_drain(s, &err) == 3 && count == 3);
	sha256_finish(&sha256, hex);
	UNIT_STRING(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	stream_free(s);
}

static void descriptor_errors_are_told(void)
{
	struct err err;
	own_stream struct stream *s = stream_from_fd(-1);

	CU_ASSERT(stream_drain(s, &err) == -EBADF);
}

/* who looks at the beginning of a file has only that */
static void beginning_comes_before_the_error(void)
{
	own_buf struct buf plain = {0}, packed = {0};
	own_stream struct stream *s = NULL;
	const void *block;
	struct err err;
	ssize_t n;

	fill(&plain, 5000);
	compress(&plain, COMPRESSION_GZIP, 0, IO_BLOCK_SIZE, &packed);
	s = stream_inflate(stream_from_memory(packed.data, packed.len / 2), NULL);
	n = stream_next(s, &block, &err);
	CU_ASSERT_FATAL(n > 512);
	CU_ASSERT((size_t)n < plain.len && memcmp(block, plain.data, (size_t)n) == 0);
	CU_ASSERT(stream_next(s, &block, &err) == -E_SYNTAX);
}

static void digest_of_a_descriptor(void)
{
	char hex[SHA256_HEX_LEN + 1], name[] = "/tmp/kist-sha256-XXXXXX";
	own_fd int fd = mkstemp(name);

	CU_ASSERT_FATAL(fd >= 0 && unlink(name) == 0 && write(fd, "-abc", 4) == 4);
	CU_ASSERT_EQUAL(lseek(fd, 1, SEEK_SET), 1);
	CU_ASSERT_EQUAL(sha256_fd(fd, hex), 3);
	UNIT_STRING(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CU_ASSERT_EQUAL(sha256_fd(-1, hex), -EBADF);
}

UNIT_TESTS(stream) = {
	{"the digest of what a descriptor still has to give", digest_of_a_descriptor},
	{"what a cut stream still gives comes before its error", beginning_comes_before_the_error},
	{"what is compressed comes back, however it is cut", round_trips},
	{"every level compresses", levels_compress},
	{"compressed bytes do not depend on the cut of the input", cut_does_not_matter},
	{"gzip output carries no time and no name", gzip_has_no_time},
	{"members and frames follow each other", members_follow_each_other},
	{"a gzip header may come in pieces", headers_may_come_in_pieces},
	{"compressed data that ends anywhere but at its end is an error", every_cut_is_an_error},
	{"trailing garbage is an error", trailing_garbage_is_an_error},
	{"a wrong checksum is an error", wrong_checksum_is_an_error},
	{"input of less than four bytes, and plain input, passes unchanged", short_input_passes},
	{"a limit lets through exactly what it says", limit_is_exact},
	{"the digest sees every byte", tee_sees_everything},
	{"a read error is told", descriptor_errors_are_told},
};
UNIT_COUNT(stream)
