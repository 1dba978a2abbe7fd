/* SPDX-License-Identifier: Apache-2.0 */
/* kist logs */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/docker/json_log.h"
#include "engine/docker/units.h"
#include "engine/verb/subject.h"
#include "lib/io.h"
#include "lib/own.h"
#include "spec/log_line.h"

struct logs_options {
	bool follow, timestamps, details;
	const char *since, *until, *tail;
};

struct instant {
	int64_t seconds;
	long nanoseconds;
};

struct logs {
	const struct logs_options *o;
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
	l->has_since = l->o->since;
	l->has_until = l->o->until;
	if (l->has_since &&
		units_parse_time(l->o->since, &l->since.seconds, &l->since.nanoseconds, err) < 0)
		return err_wrap(err, "invalid value for \"since\"");
	if (l->has_until &&
		units_parse_time(l->o->until, &l->until.seconds, &l->until.nanoseconds, err) < 0)
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
	FILE *to;

	/* a line that a crash cut short is not shown, and what follows it is */
	if (log_line_read(text, len, &l->line, err) < 0 || !wanted(l))
		return 0;
	to = line->is_stderr ? stderr : stdout;
	if (l->o->timestamps && line->time.len)
		fprintf(to, "%s ", buf_str(&line->time));
	if (fwrite(line->log.data, 1, line->log.len, to) != line->log.len)
		return err_errno(err, "cannot write");
	return 0;
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
	if (fflush(stdout) != 0)
		return err_errno(err, "cannot write");
	return 0;
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

static int seek_tail(const struct logs_options *o, int fd, struct err *err)
{
	char *end;
	long long n;
	off_t at;

	if (!o->tail || strcmp(o->tail, "all") == 0)
		return 0;
	n = strtoll(o->tail, &end, 10);
	/* docker takes what is no number for all */
	if (!*o->tail || *end || n < 0)
		return 0;
	at = json_log_tail(fd, (uint64_t)n, err);
	if (at < 0)
		return (int)at;
	return lseek(fd, at, SEEK_SET) < 0 ? err_errno(err, "cannot read the log") : 0;
}

static int run_logs(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_subject struct subject s = {0};
	own(logs_release) struct logs l = {.o = call->options};
	own_fd int fd = -1;

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	if (subject_find(e, call->args[0], 0, &s, err) < 0 || read_bounds(&l, err) < 0)
		return -err->code;
	fd = openat(s.container->dir, "log.json", O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0; /* it never ran */
	if (fd < 0)
		return err_errno(err, "cannot open the log of '%s'", call->args[0]);
	if (seek_tail(l.o, fd, err) < 0 || show_new(&l, fd, err) < 0)
		return -err->code;
	return l.o->follow ? follow(&l, &s, fd, err) : 0;
}

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct logs_options, member), .arg = (arg_), .help = (help_)   \
	}

static const struct cli_option options[] = {
	OPTION("details", 0, CLI_FLAG, details, NULL, "attributes of the log: json-file has none"),
	OPTION("follow", 'f', CLI_FLAG, follow, NULL, "go on until the container has ended"),
	OPTION("since", 0, CLI_STRING, since, "TIME", "from then on: a time, or 10m"),
	OPTION("tail", 'n', CLI_STRING, tail, "N", "the last N lines"),
	OPTION("timestamps", 't', CLI_FLAG, timestamps, NULL, "each line with its time"),
	OPTION("until", 0, CLI_STRING, until, "TIME", "up to then"),
};

const struct cli_command cmd_logs = {
	.name = "logs",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Show what a container has written",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct logs_options),
	.min_args = 1,
	.max_args = 1,
	.run = run_logs,
};
