/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Output and input. Nothing here blocks: a reader that is slow holds its stream back (and so the
 * container, as docker does), but neither the other stream nor signals nor the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "runtime/monitor/monitor.h"

#define BLOCK_SIZE ATTACH_CONTENT_MAX

/*
 * O_NONBLOCK belongs to the open file, which we share with our caller: opening the pipe or
 * terminal again gives one of our own. (A regular file never blocks, and a second opening would
 * lose its offset; a socket has MSG_DONTWAIT.)
 */
void monitor_sink_open(struct monitor_sink *sink, int fd)
{
	char path[32];
	struct stat st;
	int again;

	*sink = (struct monitor_sink){.fd = fd, .kind = SINK_PLAIN};
	if (fstat(fd, &st) < 0) {
		sink->fd = -1;
		return;
	}
	if (S_ISSOCK(st.st_mode))
		sink->kind = SINK_SOCKET;
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (again < 0) {
		sink->kind = SINK_PIPE_BLOCKING;
		return;
	}
	*sink = (struct monitor_sink){.fd = again, .kind = SINK_NONBLOCKING, .ours = true};
}

void monitor_sink_close(struct monitor_sink *sink)
{
	if (sink->ours && sink->fd >= 0)
		close(sink->fd);
	sink->fd = -1;
}

static ssize_t sink_write(const struct monitor_sink *sink, const char *data, size_t len)
{
	struct pollfd ready = {.fd = sink->fd, .events = POLLOUT};

	switch (sink->kind) {
	case SINK_SOCKET:
		return send(sink->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	case SINK_PIPE_BLOCKING:
		/* a pipe that polls writable takes PIPE_BUF bytes at once */
		if (poll(&ready, 1, 0) <= 0) {
			errno = EAGAIN;
			return -1;
		}
		return write(sink->fd, data, len < PIPE_BUF ? len : PIPE_BUF);
	default:
		return write(sink->fd, data, len);
	}
}

bool monitor_stream_busy(const struct monitor_stream *s)
{
	return s->owed || (s->sink.fd >= 0 && s->sunk < s->len);
}

static void flush_sink(struct monitor_stream *s)
{
	while (s->sink.fd >= 0 && s->sunk < s->len) {
		ssize_t n = sink_write(&s->sink, s->block + s->sunk, s->len - s->sunk);

		if (n >= 0) {
			s->sunk += (size_t)n;
		} else if (errno == EAGAIN) {
			return;
		} else if (errno != EINTR) {
			/* nobody reads any more: the container runs on, its log too */
			monitor_sink_close(&s->sink);
		}
	}
}

void monitor_stream_flush(struct monitor *m, struct monitor_stream *s)
{
	flush_sink(s);
	for (unsigned i = 0; s->owed && i < ATTACH_CLIENTS_MAX; i++) {
		int r;

		if (!(s->owed & 1u << i))
			continue;
		r = attach_send(m->clients[i], s->frame, s->block, s->len);
		if (r == -EAGAIN)
			continue;
		s->owed &= (uint16_t) ~(1u << i);
		if (r < 0)
			monitor_client_drop(m, i);
	}
}

void monitor_stream_end(struct monitor *m, struct monitor_stream *s)
{
	if (s->from < 0)
		return;
	if (m->input.to == s->from) /* a terminal: both directions end */
		m->input = (struct monitor_input){.to = -1, .own = -1, .block = m->input.block};
	close(s->from);
	s->from = -1;
	monitor_log_end(&m->log, &s->line);
}

void monitor_stream_read(struct monitor *m, struct monitor_stream *s)
{
	ssize_t n;

	if (!s->block)
		s->block = xmalloc(BLOCK_SIZE);
	n = read(s->from, s->block, BLOCK_SIZE);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		/* EIO is how a pseudo-terminal's master says that the last slave was closed */
		monitor_stream_end(m, s);
		return;
	}
	monitor_log_add(&m->log, &s->line, s->block, (size_t)n);
	s->len = (size_t)n;
	s->sunk = 0;
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++)
		if (m->clients[i] >= 0)
			s->owed |= (uint16_t)(1u << i);
	monitor_stream_flush(m, s);
}

/* ---- input ---- */

void monitor_input_flush(struct monitor_input *in)
{
	while (in->to >= 0 && in->done < in->len) {
		ssize_t n = write(in->to, in->block + in->done, in->len - in->done);

		if (n >= 0)
			in->done += (size_t)n;
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			in->done = in->len; /* the container has closed its end */
	}
	in->len = in->done = 0;
	if (in->end && in->to >= 0 && !in->is_terminal) {
		close(in->to);
		in->to = -1;
	}
}

void monitor_input_add(struct monitor_input *in, const void *data, size_t len)
{
	if (in->to < 0)
		return;
	if (!in->block)
		in->block = xmalloc(BLOCK_SIZE);
	memcpy(in->block, data, len);
	in->len = len;
	in->done = 0;
	monitor_input_flush(in);
}

void monitor_input_end(struct monitor_input *in)
{
	static const char ctrl_d = 4;

	if (in->is_terminal) {
		monitor_input_add(in, &ctrl_d, 1);
		return;
	}
	in->end = true;
	monitor_input_flush(in);
}

void monitor_input_read_own(struct monitor_input *in)
{
	ssize_t n;

	if (!in->block)
		in->block = xmalloc(BLOCK_SIZE);
	n = read(in->own, in->block, BLOCK_SIZE);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		in->own = -1;
		monitor_input_end(in);
		return;
	}
	in->len = (size_t)n;
	in->done = 0;
	monitor_input_flush(in);
}
