/* SPDX-License-Identifier: Apache-2.0 */
/* stream_inflate(): gzip by ISA-L where it is there (else zlib), and zstd. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#else
#include <zlib.h>
#endif

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/stream.h"

/* Larger windows would let a small file claim memory at will: 2^27 is what zstd(1) accepts, too. */
#define ZSTD_WINDOW_LOG_MAX 27

#define MAGIC_LEN 4

/* What a step of a codec consumes and makes. */
struct span {
	const unsigned char *in;
	size_t in_len;
	unsigned char *out;
	size_t out_len; /* room; what was made is the difference */
};

enum step { STEP_MORE, STEP_FRAME_END, STEP_ERROR };

struct codec {
	const char *name;
	bool (*begins)(unsigned char first); /* whether a further member can begin like this */
	void *(*open)(void);                 /* NULL: out of memory */
	enum step (*step)(void *state, struct span *span, const char **reason);
	void (*close)(void *state);
};

#ifdef HAVE_ISAL

/*
 * The header is read by a call of its own: ISA-L can do that inside of isal_inflate(), but (2.30)
 * forgets what it knows of a header that comes in two pieces.
 */
struct gzip {
	struct inflate_state z;
	struct isal_gzip_header header;
	bool in_header;
};

static void gzip_begin_member(struct gzip *g)
{
	isal_gzip_header_init(&g->header);
	g->z.crc_flag = ISAL_GZIP_NO_HDR_VER;
	g->in_header = true;
}

static void *gzip_open(void)
{
	struct gzip *g = xcalloc(1, sizeof(*g));

	isal_inflate_init(&g->z);
	gzip_begin_member(g);
	return g;
}

static const char *gzip_reason(int code)
{
	switch (code) {
	case ISAL_INVALID_WRAPPER:
		return "not a gzip header";
	case ISAL_UNSUPPORTED_METHOD:
		return "unknown compression method";
	case ISAL_INCORRECT_CHECKSUM:
		return "wrong checksum";
	default:
		return "invalid deflate data";
	}
}

static int gzip_run(struct gzip *g)
{
	if (g->in_header) {
		int r = isal_read_gzip_header(&g->z, &g->header);

		if (r != ISAL_DECOMP_OK)
			return r == ISAL_END_INPUT ? ISAL_DECOMP_OK : r;
		g->in_header = false;
	}
	return isal_inflate(&g->z);
}

static enum step gzip_step(void *state, struct span *s, const char **reason)
{
	struct gzip *g = state;
	int r;

	g->z.next_in = (uint8_t *)s->in;
	g->z.avail_in = (uint32_t)s->in_len;
	g->z.next_out = s->out;
	g->z.avail_out = (uint32_t)s->out_len;
	r = gzip_run(g);
	/* of a symbol that is none it (2.30) reports that it has read more than there is */
	if (r == ISAL_DECOMP_OK && g->z.avail_in > s->in_len)
		r = ISAL_INVALID_SYMBOL;
	s->in = g->z.next_in;
	s->in_len = g->z.avail_in;
	s->out = g->z.next_out;
	s->out_len = g->z.avail_out;
	if (r != ISAL_DECOMP_OK) {
		*reason = gzip_reason(r);
		return STEP_ERROR;
	}
	if (g->in_header || g->z.block_state != ISAL_BLOCK_FINISH)
		return STEP_MORE;
	isal_inflate_reset(&g->z);
	gzip_begin_member(g);
	return STEP_FRAME_END;
}

static void gzip_close(void *state)
{
	free(state);
}

#else

static void *gzip_open(void)
{
	z_stream *z = xcalloc(1, sizeof(*z));

	if (inflateInit2(z, 15 + 16) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static enum step gzip_step(void *state, struct span *s, const char **reason)
{
	z_stream *z = state;
	int r;

	z->next_in = (Bytef *)s->in;
	z->avail_in = (uInt)s->in_len;
	z->next_out = s->out;
	z->avail_out = (uInt)s->out_len;
	r = inflate(z, Z_NO_FLUSH);
	s->in = z->next_in;
	s->in_len = z->avail_in;
	s->out = z->next_out;
	s->out_len = z->avail_out;
	if (r == Z_STREAM_END) {
		inflateReset(z);
		return STEP_FRAME_END;
	}
	if (r == Z_OK || r == Z_BUF_ERROR)
		return STEP_MORE;
	*reason = z->msg ? z->msg : "invalid deflate data";
	return STEP_ERROR;
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

#endif

static void *zstd_open(void)
{
	ZSTD_DStream *z = ZSTD_createDStream();

	if (z)
		ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
	return z;
}

static enum step zstd_step(void *state, struct span *s, const char **reason)
{
	ZSTD_inBuffer in = {s->in, s->in_len, 0};
	ZSTD_outBuffer out = {s->out, s->out_len, 0};
	size_t r = ZSTD_decompressStream(state, &out, &in);

	s->in += in.pos;
	s->in_len -= in.pos;
	s->out += out.pos;
	s->out_len -= out.pos;
	if (ZSTD_isError(r)) {
		*reason = ZSTD_getErrorName(r);
		return STEP_ERROR;
	}
	return r == 0 ? STEP_FRAME_END : STEP_MORE;
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

static bool gzip_begins(unsigned char first)
{
	return first == 0x1f;
}

static bool zstd_begins(unsigned char first)
{
	return first == 0x28 || (first & 0xf0) == 0x50;
}

static const struct codec gzip_codec = {"gzip", gzip_begins, gzip_open, gzip_step, gzip_close};
static const struct codec zstd_codec = {"zstd", zstd_begins, zstd_open, zstd_step, zstd_close};

struct inflate_stream {
	struct stream base;
	struct stream *inner;
	enum compression *kind;
	const struct codec *codec;
	void *state;
	bool detected;
	bool between;            /* no frame is open: the input may end here */
	const unsigned char *in; /* what is left of the inner stream's block */
	size_t in_len;
	const unsigned char *rest; /* what follows head in the inner stream's block */
	size_t rest_len;
	unsigned char head[MAGIC_LEN]; /* first bytes, when they came in smaller blocks */
	bool full;                     /* the codec stopped for want of room, not of input */
	bool damaged;                  /* the codec has failed, and its state means nothing */
	unsigned frames;               /* complete ones so far */
	unsigned char *out;
};

static bool is_gzip(const unsigned char *p)
{
	return p[0] == 0x1f && p[1] == 0x8b && p[2] == 8;
}

/* A zstd frame, or a skippable one (RFC 8878, 3.1.2). */
static bool is_zstd(const unsigned char *p)
{
	return memcmp(p, "\x28\xb5\x2f\xfd", 4) == 0 ||
		((p[0] & 0xf0) == 0x50 && memcmp(p + 1, "\x2a\x4d\x18", 3) == 0);
}

/* The next input: what gather() kept back, or a block of the inner stream. 0 at its end. */
static int pull(struct inflate_stream *s, struct err *err)
{
	const void *block = s->rest;
	ssize_t n = (ssize_t)s->rest_len;

	s->rest_len = 0;
	if (n == 0)
		n = stream_next(s->inner, &block, err);
	if (n < 0)
		return (int)n;
	s->in = block;
	s->in_len = (size_t)n;
	return n > 0;
}

/*
 * Get at least MAGIC_LEN bytes, unless the input is shorter. When they arrive in pieces they are
 * put together in head; what follows them in the last piece waits in rest.
 */
static int gather(struct inflate_stream *s, struct err *err)
{
	size_t have = 0;
	int r = pull(s, err);

	if (r <= 0 || s->in_len >= MAGIC_LEN)
		return r;
	while (r > 0) {
		size_t n = s->in_len < MAGIC_LEN - have ? s->in_len : MAGIC_LEN - have;

		memcpy(s->head + have, s->in, n);
		have += n;
		s->rest = s->in + n;
		s->rest_len = s->in_len - n;
		if (have == MAGIC_LEN)
			break;
		r = pull(s, err);
	}
	s->in = s->head;
	s->in_len = have;
	return r;
}

static int detect(struct inflate_stream *s, struct err *err)
{
	enum compression kind = COMPRESSION_NONE;
	int r = gather(s, err);

	if (r < 0)
		return r;
	if (s->in_len >= MAGIC_LEN && is_gzip(s->in))
		kind = COMPRESSION_GZIP;
	else if (s->in_len >= MAGIC_LEN && is_zstd(s->in))
		kind = COMPRESSION_ZSTD;
	s->detected = true;
	if (s->kind)
		*s->kind = kind;
	if (kind == COMPRESSION_NONE)
		return 0;
	s->codec = kind == COMPRESSION_GZIP ? &gzip_codec : &zstd_codec;
	s->state = s->codec->open();
	if (!s->state)
		return err_set(err, ENOMEM, "cannot start %s decompression", s->codec->name);
	s->out = xmalloc(IO_BLOCK_SIZE);
	return 0;
}

static ssize_t pass(struct inflate_stream *s, const void **block, struct err *err)
{
	ssize_t n;

	if (s->in_len == 0) {
		int r = pull(s, err);

		if (r <= 0)
			return r;
	}
	*block = s->in;
	n = (ssize_t)s->in_len;
	s->in_len = 0;
	return n;
}

/* Make sure that there is input. Returns 0 at a good end. */
static int need_input(struct inflate_stream *s, struct err *err)
{
	int r = pull(s, err);

	if (r == 0 && !s->between)
		return err_set(err, E_SYNTAX, "%s data ends in the middle", s->codec->name);
	return r;
}

static ssize_t inflate_next(struct stream *base, const void **block, struct err *err)
{
	struct inflate_stream *s = (struct inflate_stream *)base;
	struct span span = {.out = s->out, .out_len = IO_BLOCK_SIZE};
	const char *reason = "";
	enum step step;
	int r = 0;

	if (!s->detected && (r = detect(s, err)) < 0)
		return r;
	if (!s->codec)
		return pass(s, block, err);
	if (s->damaged)
		return err_set(err, E_SYNTAX, "%s data is damaged", s->codec->name);
	*block = span.out = s->out;
	while (span.out_len) {
		size_t room = span.out_len;

		/* a codec whose last step filled the block may hold more without further input */
		if (s->in_len == 0 && !s->full && (r = need_input(s, err)) <= 0)
			break;
		if (s->between && s->frames && s->in_len && !s->codec->begins(*s->in))
			return err_set(err, E_SYNTAX, "trailing garbage behind the %s data",
				s->codec->name);
		span.in = s->in;
		span.in_len = s->in_len;
		step = s->codec->step(s->state, &span, &reason);
		s->in = span.in;
		s->in_len = span.in_len;
		s->damaged = step == STEP_ERROR;
		if (s->damaged)
			return err_set(err, E_SYNTAX,
				s->frames
					? "%s data has trailing garbage or a damaged further part: %s"
					: "%s data is damaged: %s",
				s->codec->name, reason);
		s->between = step == STEP_FRAME_END;
		s->frames += s->between;
		s->full = step == STEP_MORE && span.out_len == 0 && room > 0;
	}
	/* what came before the input failed or ended is handed out first; then the next call fails
	 */
	if (r < 0 && span.out_len == IO_BLOCK_SIZE)
		return r;
	return (ssize_t)(IO_BLOCK_SIZE - span.out_len);
}

/* What is not compressed passes as it is. */
static int64_t inflate_splice(struct stream *base, int pipe, uint64_t n, struct err *err)
{
	struct inflate_stream *s = (struct inflate_stream *)base;

	if (!s->detected || s->codec || s->in_len || s->rest_len)
		return 0;
	return stream_splice(s->inner, pipe, n, err);
}

static void inflate_release(struct stream *base)
{
	struct inflate_stream *s = (struct inflate_stream *)base;

	if (s->state)
		s->codec->close(s->state);
	stream_free(s->inner);
	free(s->out);
	free(s);
}

static const struct stream_ops inflate_ops = {inflate_next, inflate_release, inflate_splice};

struct stream *stream_inflate(struct stream *inner, enum compression *kind)
{
	struct inflate_stream *s = xcalloc(1, sizeof(*s));

	s->base.ops = &inflate_ops;
	s->inner = inner;
	s->kind = kind;
	s->between = true;
	return &s->base;
}
