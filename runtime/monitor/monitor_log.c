/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/monitor_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "spec/log_line.h"

#define FLUSH_AT (128 * 1024)

/*
 * Cut behind the last newline: what follows is the half of a record. The file may have any length,
 * as others may truncate it. Returns 0 or -errno.
 */
static int cut_half_record(int fd)
{
	char tail[4096];
	struct stat st;
	off_t end;

	if (fstat(fd, &st) < 0)
		return -errno;
	end = st.st_size;
	while (end > 0) {
		size_t n = end < (off_t)sizeof(tail) ? (size_t)end : sizeof(tail);
		ssize_t got = pread(fd, tail, n, end - (off_t)n);
		const char *newline;

		if (got != (ssize_t)n)
			return got < 0 ? -errno : 0; /* truncated meanwhile */
		newline = memrchr(tail, '\n', n);
		if (newline) {
			end -= (off_t)(tail + n - newline - 1);
			break;
		}
		end -= (off_t)n;
	}
	return end != st.st_size && ftruncate(fd, end) < 0 ? -errno : 0;
}

int monitor_log_open(struct monitor_log *log, const char *path, struct err *err)
{
	struct stat st;
	int r;

	*log = (struct monitor_log){.fd = -1};
	log->fd = open(
		path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (log->fd < 0 || fstat(log->fd, &st) < 0)
		return err_errno(err, "cannot open the log '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EINVAL, "the log '%s' is not a regular file", path);
	r = cut_half_record(log->fd);
	return r < 0 ? err_set(err, -r, "cannot cut the log '%s': %s", path, strerror(-r)) : 0;
}

void monitor_log_close(struct monitor_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
	buf_release(&log->text);
}

static void flush(struct monitor_log *log)
{
	int r = io_write_full(log->fd, log->text.data, log->text.len);

	if (r == 0) {
		log->failing = false;
	} else {
		if (!log->failing)
			log_warn("cannot write the container's log, output is dropped from it: %s",
				strerror(-r));
		log->failing = true;
		/* no half record: a reader takes each line for a document */
		r = cut_half_record(log->fd);
		if (r < 0)
			log_warn("cannot cut the container's log: %s", strerror(-r));
	}
	buf_reset(&log->text);
}

static void add_record(struct monitor_log *log, const struct monitor_log_line *line,
	const char *data, size_t len, const char *time)
{
	log_line_write(&log->text, data, len, line->stream, time);
	if (log->text.len >= FLUSH_AT)
		flush(log);
}

/* The records of data; returns how many bytes at its end are an unfinished line. */
static size_t add_lines(struct monitor_log *log, const struct monitor_log_line *line,
	const char *data, size_t len, const char *time)
{
	while (len) {
		size_t window = len < LOG_LINE_MAX ? len : LOG_LINE_MAX;
		const char *newline = memchr(data, '\n', window);
		size_t n;

		if (newline)
			n = (size_t)(newline - data) + 1;
		else if (len < LOG_LINE_MAX)
			break;
		else
			n = log_line_cut(data);
		add_record(log, line, data, n, time);
		data += n;
		len -= n;
	}
	return len;
}

void monitor_log_add(
	struct monitor_log *log, struct monitor_log_line *line, const char *data, size_t len)
{
	char time[IO_TIME_MAX];
	size_t rest;

	if (log->fd < 0)
		return;
	io_time_now(time);
	while (line->held.len && len) {
		/* complete the held line by no more than one record's worth, then go on without
		 * copies */
		size_t room = LOG_LINE_MAX - line->held.len;
		size_t n = len < room ? len : room;
		const char *newline = memchr(data, '\n', n);

		if (newline)
			n = (size_t)(newline - data) + 1;
		buf_add(&line->held, data, n);
		data += n;
		len -= n;
		rest = add_lines(log, line, line->held.data, line->held.len, time);
		memmove(line->held.data, line->held.data + line->held.len - rest, rest);
		line->held.len = rest;
	}
	rest = add_lines(log, line, data, len, time);
	if (rest)
		buf_add(&line->held, data + len - rest, rest);
	if (log->text.len)
		flush(log);
}

void monitor_log_end(struct monitor_log *log, struct monitor_log_line *line)
{
	char time[IO_TIME_MAX];

	if (log->fd >= 0 && line->held.len) {
		io_time_now(time);
		add_record(log, line, line->held.data, line->held.len, time);
		if (log->text.len)
			flush(log);
	}
	buf_release(&line->held);
}
