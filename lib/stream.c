/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"

ssize_t stream_next(struct stream *s, const void **block, struct err *err)
{
	return s->ops->next(s, block, err);
}

int64_t stream_splice(struct stream *s, int pipe, uint64_t n, struct err *err)
{
	return s->ops->splice ? s->ops->splice(s, pipe, n, err) : 0;
}

void stream_free(struct stream *s)
{
	if (s)
		s->ops->release(s);
}

int64_t stream_drain(struct stream *s, struct err *err)
{
	int64_t total = 0;
	const void *block;
	ssize_t n;

	while ((n = stream_next(s, &block, err)) > 0)
		total += n;
	return n < 0 ? n : total;
}

#define SPLICE_MAX (1u << 30) /* at once */

struct fd_stream {
	struct stream base;
	int fd;
	unsigned char block[IO_BLOCK_SIZE];
};

static ssize_t fd_next(struct stream *s, const void **block, struct err *err)
{
	struct fd_stream *f = (struct fd_stream *)s;
	ssize_t n;

	do {
		n = read(f->fd, f->block, sizeof(f->block));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(err, "cannot read the input");
	*block = f->block;
	return n;
}

static int64_t fd_splice(struct stream *s, int pipe, uint64_t n, struct err *err)
{
	struct fd_stream *f = (struct fd_stream *)s;
	ssize_t moved;

	do {
		moved = splice(f->fd, NULL, pipe, NULL, n < SPLICE_MAX ? (size_t)n : SPLICE_MAX,
			SPLICE_F_MOVE);
	} while (moved < 0 && errno == EINTR);
	if (moved < 0 && errno == EINVAL) /* not every file can */
		return 0;
	return moved < 0 ? err_errno(err, "cannot hand on the input") : moved;
}

static void plain_release(struct stream *s)
{
	free(s);
}

static const struct stream_ops fd_ops = {fd_next, plain_release, fd_splice};

struct stream *stream_from_fd(int fd)
{
	struct fd_stream *f = xmalloc(sizeof(*f));

	f->base.ops = &fd_ops;
	f->fd = fd;
	return &f->base;
}

struct limit_stream {
	struct stream base;
	struct stream *inner;
	uint64_t left, max;
	const char *what;
};

static ssize_t limit_next(struct stream *s, const void **block, struct err *err)
{
	struct limit_stream *l = (struct limit_stream *)s;
	ssize_t n = stream_next(l->inner, block, err);

	if (n <= 0)
		return n;
	if ((uint64_t)n > l->left)
		return err_set(err, E_LIMIT, "%s is larger than %llu bytes", l->what,
			(unsigned long long)l->max);
	l->left -= (uint64_t)n;
	return n;
}

static void limit_release(struct stream *s)
{
	stream_free(((struct limit_stream *)s)->inner);
	free(s);
}

static const struct stream_ops limit_ops = {limit_next, limit_release, NULL};

struct stream *stream_limit(struct stream *inner, uint64_t max, const char *what)
{
	struct limit_stream *l = xmalloc(sizeof(*l));

	*l = (struct limit_stream){{&limit_ops}, inner, max, max, what};
	return &l->base;
}

struct tee_stream {
	struct stream base;
	struct stream *inner;
	struct sha256 *sha256;
	uint64_t *count;
};

static ssize_t tee_next(struct stream *s, const void **block, struct err *err)
{
	struct tee_stream *t = (struct tee_stream *)s;
	ssize_t n = stream_next(t->inner, block, err);

	if (n > 0 && t->sha256)
		sha256_update(t->sha256, *block, (size_t)n);
	if (n > 0 && t->count)
		*t->count += (uint64_t)n;
	return n;
}

static void tee_release(struct stream *s)
{
	stream_free(((struct tee_stream *)s)->inner);
	free(s);
}

static const struct stream_ops tee_ops = {tee_next, tee_release, NULL};

struct stream *stream_tee_digest(struct stream *inner, struct sha256 *sha256, uint64_t *count)
{
	struct tee_stream *t = xmalloc(sizeof(*t));

	*t = (struct tee_stream){{&tee_ops}, inner, sha256, count};
	return &t->base;
}
