/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/own.h"

#define FEED_STEP  (1 << 20)
#define FEED_BLOCK 16384

static void close_pipe(struct feed *f)
{
	own_fd_release(f->pipe);
	*f->pipe = -1;
}

static void feed_done(struct feed *f)
{
	f->watch.events = 0;
	close_pipe(f);
	feed_stop(f);
}

/* A file system that cannot splice: through a small block, no larger than a pipe takes whole. */
static ssize_t copy_some(struct feed *f, size_t len)
{
	char block[FEED_BLOCK];
	ssize_t n = pread(f->source, block, len < sizeof(block) ? len : sizeof(block), f->fed);

	return n > 0 ? write(*f->pipe, block, (size_t)n) : n;
}

static ssize_t move_some(struct feed *f, size_t len)
{
	loff_t offset = f->fed;
	ssize_t n = splice(
		f->source, &offset, *f->pipe, NULL, len, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

	return n < 0 && errno == EINVAL ? copy_some(f, len) : n;
}

/* Move what fits. One step per turn of the loop: the sockets want their share, too. */
static void feed_step(struct feed *f)
{
	int64_t left = f->available - f->fed;
	ssize_t n = 0;

	if (left > 0) {
		n = move_some(f, (size_t)(left < FEED_STEP ? left : FEED_STEP));
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		/* EPIPE, or a file that became shorter than what was written to it */
		if (n <= 0) {
			f->broken = true;
			feed_done(f);
			return;
		}
		f->fed += n;
	}
	f->watch.events = f->fed < f->available ? POLLOUT : 0;
	if (f->complete && f->fed == f->available)
		feed_done(f);
}

static void on_writable(struct http_watch *w, short revents)
{
	(void)revents; /* POLLERR: the write says so */
	feed_step(w->owner);
}

void feed_start(struct feed *f, struct http *h, int source, int *pipe)
{
	*f = (struct feed){.http = h, .source = source, .pipe = pipe};
	f->watch = (struct http_watch){.fd = *pipe, .ready = on_writable, .owner = f};
	fcntl(*pipe, F_SETFL, O_WRONLY | O_NONBLOCK);
	http_watch_add(h, &f->watch);
}

void feed_grow(struct feed *f, int64_t available, bool complete)
{
	if (!f->http || f->broken)
		return;
	f->available = available;
	f->complete = complete;
	f->watch.events = POLLOUT;
	if (complete && f->fed == available)
		feed_done(f);
}

void feed_stop(struct feed *f)
{
	if (!f->http)
		return;
	http_watch_remove(f->http, &f->watch);
	f->http = NULL;
	own_fd_release(&f->source);
	f->source = -1;
}
