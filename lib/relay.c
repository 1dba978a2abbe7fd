/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"

/* At once; a pipe takes what it has room for. */
#define SPLICE_MAX (1u << 20)

/* Open the file behind fd again for ourselves. Returns the descriptor, or -1. */
static int open_again(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

struct relay_end relay_own(int fd)
{
	struct relay_end end = {fd, RELAY_PLAIN, true};
	struct stat st;
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode))
		end.kind = RELAY_DEVICE;
	return end;
}

static void open_end(struct relay_end *end, int fd, mode_t type, int flags)
{
	*end = (struct relay_end){.fd = fd, .kind = RELAY_PLAIN};
	if (type == S_IFSOCK) {
		end->kind = RELAY_SOCKET;
	} else if (type == S_IFIFO || type == S_IFCHR) {
		int again = open_again(fd, flags);

		if (again >= 0)
			*end = relay_own(again);
		else
			end->kind = type == S_IFIFO && flags == O_WRONLY ? RELAY_POLLED_BY_PAGE
									 : RELAY_POLLED;
	}
}

int relay_source(struct relay_end *end, int fd, struct err *err)
{
	struct stat st;

	*end = (struct relay_end){.fd = -1};
	if (fstat(fd, &st) < 0)
		return errno == EBADF ? 0 : err_errno(err, "cannot look at it");
	if (S_ISDIR(st.st_mode))
		return err_set(err, EISDIR, "it is a directory");
	open_end(end, fd, st.st_mode & S_IFMT, O_RDONLY);
	return 0;
}

void relay_sink(struct relay_end *end, int fd)
{
	struct stat st;

	*end = (struct relay_end){.fd = -1};
	if (fstat(fd, &st) == 0)
		open_end(end, fd, st.st_mode & S_IFMT, O_WRONLY);
}

void relay_close(struct relay_end *end)
{
	if (end->ours && end->fd >= 0)
		close(end->fd);
	end->fd = -1;
}

static bool is_ready(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	return poll(&p, 1, 0) > 0;
}

ssize_t relay_read(const struct relay_end *end, void *data, size_t len)
{
	ssize_t n;

	if (end->kind == RELAY_POLLED && !is_ready(end->fd, POLLIN))
		return -EAGAIN;
	do {
		n = end->kind == RELAY_SOCKET ? recv(end->fd, data, len, MSG_DONTWAIT)
					      : read(end->fd, data, len);
	} while (n < 0 && errno == EINTR);
	/* EIO is how a terminal's master says that the last slave was closed */
	return n < 0 ? (errno == EIO ? 0 : -errno) : n;
}

ssize_t relay_write(const struct relay_end *end, const void *data, size_t len)
{
	ssize_t n;

	if ((end->kind == RELAY_POLLED || end->kind == RELAY_POLLED_BY_PAGE) &&
		!is_ready(end->fd, POLLOUT))
		return -EAGAIN;
	/* a pipe that polls writable takes PIPE_BUF bytes at once */
	if (end->kind == RELAY_POLLED_BY_PAGE && len > PIPE_BUF)
		len = PIPE_BUF;
	do {
		n = end->kind == RELAY_SOCKET
			? send(end->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL)
			: write(end->fd, data, len);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

void relay_start(struct relay *r, struct relay_end from, struct relay_end to)
{
	*r = (struct relay){.from = from, .to = to, .left = -1};
	/* splice() waits for a socket whatever its flags say, and for a file we may not reopen */
	r->no_splice = to.kind != RELAY_PLAIN || from.kind != RELAY_PLAIN;
	if (from.fd < 0)
		relay_close(&r->to);
	if (to.fd < 0)
		relay_close(&r->from);
}

void relay_release(struct relay *r)
{
	relay_close(&r->from);
	relay_close(&r->to);
	free(r->block);
	r->block = NULL;
	r->at = r->len = 0;
}

bool relay_done(const struct relay *r)
{
	return r->to.fd < 0;
}

static void finish(struct relay *r, int error)
{
	r->error = error;
	relay_close(&r->from);
	relay_close(&r->to);
	r->at = r->len = 0;
}

void relay_poll(const struct relay *r, struct pollfd pfds[RELAY_FDS])
{
	bool to = r->to.fd >= 0 && (r->at < r->len || r->full);

	pfds[0] = (struct pollfd){.fd = to || relay_done(r) ? -1 : r->from.fd, .events = POLLIN};
	pfds[1] = (struct pollfd){.fd = to ? r->to.fd : -1, .events = POLLOUT};
}

/* Returns false when splice() is not for these two. */
static bool step_splice(struct relay *r)
{
	size_t most = r->left >= 0 && r->left < SPLICE_MAX ? (size_t)r->left : SPLICE_MAX;
	ssize_t n = splice(
		r->from.fd, NULL, r->to.fd, NULL, most, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

	if (n < 0 && (errno == EINVAL || errno == ENOSYS || errno == EPERM))
		return false;
	if (n < 0 && errno == EAGAIN) {
		/* one of them was not ready, and it was not the one that we have waited for */
		r->full = !r->full;
		return true;
	}
	r->full = false;
	if (n < 0 && errno == EINTR)
		return true;
	if (n > 0 && r->left > 0)
		r->left -= n;
	if (n <= 0 || r->left == 0)
		finish(r, n < 0 ? -errno : 0);
	return true;
}

static void flush(struct relay *r)
{
	while (r->at < r->len) {
		ssize_t n = relay_write(&r->to, r->block + r->at, r->len - r->at);

		if (n == -EAGAIN)
			return;
		if (n < 0) {
			finish(r, (int)n);
			return;
		}
		r->at += (size_t)n;
	}
	r->at = r->len = 0;
	if (r->left == 0 || r->from.fd < 0)
		finish(r, 0);
}

static void fill(struct relay *r)
{
	size_t most = r->left >= 0 && r->left < RELAY_BLOCK ? (size_t)r->left : RELAY_BLOCK;
	ssize_t n;

	if (!r->block)
		r->block = xmalloc(RELAY_BLOCK);
	n = relay_read(&r->from, r->block, most);
	if (n == -EAGAIN)
		return;
	if (n <= 0) {
		finish(r, (int)n);
		return;
	}
	if (r->left > 0)
		r->left -= n;
	r->len = (size_t)n;
	flush(r);
}

void relay_step(struct relay *r, const struct pollfd pfds[RELAY_FDS])
{
	if (relay_done(r) || (!pfds[0].revents && !pfds[1].revents))
		return;
	if (r->at < r->len) {
		flush(r);
		return;
	}
	if (!r->no_splice) {
		if (step_splice(r))
			return;
		r->no_splice = true;
	}
	r->full = false;
	fill(r);
}

void relay_drain(struct relay *r)
{
	int n = 0;

	if (relay_done(r))
		return;
	if (r->from.fd < 0 || ioctl(r->from.fd, FIONREAD, &n) < 0 || n < 0)
		n = 0;
	r->left = n;
	if (n == 0 && r->at == r->len)
		finish(r, 0);
}
