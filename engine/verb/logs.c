/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/docker/json_log.h"
#include "engine/docker/units.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/io.h"
#include "lib/own.h"
#include "spec/log_line.h"

struct instant {
	int64_t seconds;
	long nanoseconds;
};

struct logs {
	struct sink *sink;
	const struct logs_request *rq;
	bool has_since, has_until, past_until;
	struct instant since, until;
	struct buf pending;
	struct log_line line;
};

static void logs_release(struct logs *l)
{
	buf_release(&l->pending);
	log_line_release(&l->line);
}

static int read_bounds(struct logs *l, struct err *err)
{
	l->has_since = l->rq->since;
	l->has_until = l->rq->until;
	if (l->has_since &&
		units_parse_time(l->rq->since, &l->since.seconds, &l->since.nanoseconds, err) < 0)
		return err_wrap(err, "invalid value for \"since\"");
	if (l->has_until &&
		units_parse_time(l->rq->until, &l->until.seconds, &l->until.nanoseconds, err) < 0)
		return err_wrap(err, "invalid value for \"until\"");
	return 0;
}

static bool before(const struct instant *a, const struct instant *b)
{
	return a->seconds < b->seconds ||
		(a->seconds == b->seconds && a->nanoseconds < b->nanoseconds);
}

static bool wanted(struct logs *l)
{
	struct instant t;

	if (!l->has_since && !l->has_until)
		return true;
	if (io_time_parse(buf_str(&l->line.time), &t.seconds, &t.nanoseconds) < 0)
		return true;
	if (l->has_until && before(&l->until, &t)) {
		l->past_until = true;
		return false;
	}
	return !(l->has_since && before(&t, &l->since));
}

static int show(struct logs *l, const char *text, size_t len, struct err *err)
{
	const struct log_line *line = &l->line;
	enum sink_stream to;

	/* a line that a crash cut short is not shown, and what follows it is */
	if (log_line_read(text, len, &l->line, err) < 0 || !wanted(l))
		return 0;
	to = line->is_stderr ? SINK_STDERR : SINK_STDOUT;
	if (l->rq->timestamps && line->time.len &&
		(sink_output(l->sink, to, line->time.data, line->time.len, err) < 0 ||
			sink_output(l->sink, to, " ", 1, err) < 0))
		return -err->code;
	return sink_output(l->sink, to, line->log.data, line->log.len, err);
}

/* Show what has been added to the file since. A line without its end is kept for the next time. */
static int show_new(struct logs *l, int fd, struct err *err)
{
	for (;;) {
		size_t done = 0;
		ssize_t n;
		char *end;

		buf_reserve(&l->pending, IO_BLOCK_SIZE);
		n = read(fd, l->pending.data + l->pending.len, IO_BLOCK_SIZE);
		if (n < 0)
			return err_errno(err, "cannot read the log");
		if (n == 0)
			break;
		l->pending.len += (size_t)n;
		while (!l->past_until &&
			(end = memchr(l->pending.data + done, '\n', l->pending.len - done))) {
			size_t at = (size_t)(end - l->pending.data);

			if (show(l, l->pending.data + done, at - done, err) < 0)
				return -err->code;
			done = at + 1;
		}
		memmove(l->pending.data, l->pending.data + done, l->pending.len - done);
		l->pending.len -= done;
		if (l->past_until)
			break;
	}
	return sink_flush(l->sink, err);
}

/* Until the monitor has gone: then everything has been written. */
static int follow(struct logs *l, struct subject *s, int fd, struct err *err)
{
	own_mem char *path = xasprintf("%s/log.json", s->container->path);
	own_fd int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	own_fd int monitor = -1;
	char events[4096];

	if (!s->state.monitor)
		return 0;
	if (watch < 0 || inotify_add_watch(watch, path, IN_MODIFY) < 0)
		return err_errno(err, "cannot watch '%s'", path);
	monitor = (int)syscall(SYS_pidfd_open, s->state.monitor, 0);
	while (!l->past_until) {
		struct pollfd p[2] = {
			{.fd = watch, .events = POLLIN}, {.fd = monitor, .events = POLLIN}};

		/* asked before reading: what comes between wakes us again */
		if (show_new(l, fd, err) < 0)
			return -err->code;
		if (monitor < 0)
			break;
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for the log");
		if (p[0].revents && read(watch, events, sizeof(events)) < 0 && errno != EAGAIN)
			return err_errno(err, "cannot wait for the log");
		if (p[1].revents)
			break;
	}
	return show_new(l, fd, err);
}

static int seek_tail(const struct logs_request *rq, int fd, struct err *err)
{
	char *end;
	long long n;
	off_t at;

	if (!rq->tail || strcmp(rq->tail, "all") == 0)
		return 0;
	n = strtoll(rq->tail, &end, 10);
	/* docker takes what is no number for all */
	if (!*rq->tail || *end || n < 0)
		return 0;
	at = json_log_tail(fd, (uint64_t)n, err);
	if (at < 0)
		return (int)at;
	return lseek(fd, at, SEEK_SET) < 0 ? err_errno(err, "cannot read the log") : 0;
}

int verb_logs(struct engine *e, const struct logs_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	own(logs_release) struct logs l = {.sink = sink, .rq = rq};
	own_fd int fd = -1;

	if (subject_find(e, rq->container, 0, &s, err) < 0 || read_bounds(&l, err) < 0)
		return -err->code;
	fd = openat(s.container->dir, "log.json", O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0; /* it never ran */
	if (fd < 0)
		return err_errno(err, "cannot open the log of '%s'", rq->container);
	if (seek_tail(rq, fd, err) < 0 || show_new(&l, fd, err) < 0)
		return -err->code;
	return rq->follow ? follow(&l, &s, fd, err) : 0;
}
