/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/mem.h"

#define BLOCK_SIZE ATTACH_CONTENT_MAX
#define CUT_MAX    (1u << 20) /* what a pipe may hold by pipe-max-size(5) */

void stream_init(struct stream *s, enum attach_type frame, const char *name)
{
	*s = (struct stream){.from = -1, .frame = frame, .sink = {.fd = -1}};
	s->line.stream = name;
}

void stream_release(struct stream *s, const struct stream_targets *t)
{
	stream_end(s, t);
	relay_close(&s->sink);
	free(s->block);
	s->block = NULL;
	s->len = s->sunk = s->room = 0;
}

bool stream_sinking(const struct stream *s)
{
	return s->sink.fd >= 0 && s->sunk < s->len;
}

bool stream_owes(const struct stream *s, const struct stream_targets *t)
{
	return (s->owed & clients_listening(t->clients)) || stream_sinking(s);
}

static void flush_sink(struct stream *s)
{
	while (stream_sinking(s)) {
		ssize_t n = relay_write(&s->sink, s->block + s->sunk, s->len - s->sunk);

		if (n == -EAGAIN)
			return;
		if (n >= 0) {
			s->sunk += (size_t)n;
			continue;
		}
		/* the container runs on, its log too */
		s->broken = (int)n;
		stream_leave(s);
	}
}

void stream_leave(struct stream *s)
{
	relay_close(&s->sink);
}

void stream_flush(struct stream *s, const struct stream_targets *t)
{
	flush_sink(s);
	s->owed &= clients_listening(t->clients);
	for (unsigned i = 0; s->owed >> i; i++)
		if ((s->owed & 1u << i) &&
			clients_send(t->clients, i, s->frame, s->block, s->len) != -EAGAIN)
			s->owed &= ~(1u << i);
}

void stream_end(struct stream *s, const struct stream_targets *t)
{
	if (s->from < 0)
		return;
	close(s->from);
	s->from = -1;
	monitor_log_end(t->log, &s->line);
}

static ssize_t read_block(struct stream *s, char *to)
{
	const struct relay_end from = {s->from, RELAY_PLAIN, false};

	return relay_read(&from, to, BLOCK_SIZE);
}

void stream_read(struct stream *s, const struct stream_targets *t)
{
	ssize_t n;

	if (!s->block) {
		s->room = BLOCK_SIZE;
		s->block = xmalloc(s->room);
	}
	n = read_block(s, s->block);
	if (n == -EAGAIN)
		return;
	if (n <= 0) {
		stream_end(s, t);
		return;
	}
	monitor_log_add(t->log, &s->line, s->block, (size_t)n);
	s->len = (size_t)n;
	s->sunk = 0;
	s->owed = clients_listening(t->clients);
	stream_flush(s, t);
}

size_t stream_cut(struct stream *s, const struct stream_targets *t)
{
	int there = 0;
	size_t lost = 0, left;

	/* who has not got the last block by now will not */
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++)
		if (s->owed & clients_listening(t->clients) & 1u << i)
			clients_mark(t->clients, i);
	s->owed = 0;
	if (s->from < 0)
		return 0;
	ioctl(s->from, FIONREAD, &there);
	left = there > 0 ? (size_t)there : 0;
	if (left > CUT_MAX) {
		lost = left - CUT_MAX;
		left = CUT_MAX;
	}
	while (left) {
		ssize_t n;
		char *at;

		if (s->sink.fd < 0 || s->sunk == s->len)
			s->len = s->sunk = 0;
		if (s->room < s->len + BLOCK_SIZE) {
			s->room = s->len + BLOCK_SIZE;
			s->block = xrealloc(s->block, s->room);
		}
		at = s->block + s->len;
		n = read_block(s, at);
		if (n <= 0)
			break;
		left -= (size_t)n < left ? (size_t)n : left;
		monitor_log_add(t->log, &s->line, at, (size_t)n);
		for (unsigned i = 0; clients_listening(t->clients) >> i; i++)
			if ((clients_listening(t->clients) & 1u << i) &&
				clients_send(t->clients, i, s->frame, at, (size_t)n) < 0)
				clients_mark(t->clients, i);
		s->len += (size_t)n;
		flush_sink(s);
	}
	stream_end(s, t);
	return lost;
}
