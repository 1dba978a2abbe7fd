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

#define FLUSH_AT    (128 * 1024)
#define ESCAPED_MAX 6 /* "\\u0000" */

/* The length of the valid UTF-8 sequence at p (n >= 1 bytes are there), or 0. */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t want = p[0] >= 0xc2 && p[0] < 0xe0 ? 2
		: (p[0] & 0xf0) == 0xe0           ? 3
		: p[0] >= 0xf0 && p[0] < 0xf5     ? 4
						  : 0;

	if (!want || n < want)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what is beyond U+10FFFF */
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return want;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

/* A byte below 0x80 that cannot stand for itself in a JSON string; at most ESCAPED_MAX bytes. */
static char *escape_ascii(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	*to++ = '\\';
	if (c == '"' || c == '\\')
		*to++ = (char)c;
	else if (c == '\n')
		*to++ = 'n';
	else if (c == '\r')
		*to++ = 'r';
	else
		to = mempcpy(mempcpy(to, "u00", 3), (char[]){hex[c >> 4], hex[c & 15]}, 2);
	return to;
}

/* The content of a JSON string as docker writes it. Returns false when bytes were replaced. */
static bool escape(struct buf *out, const unsigned char *p, size_t len)
{
	const unsigned char *end = p + len, *run;
	bool valid = true;
	char *to;

	buf_reserve(out, len * ESCAPED_MAX);
	to = out->data + out->len;
	while (p < end) {
		size_t n;

		for (run = p; p < end && is_plain(*p);)
			p++;
		to = mempcpy(to, run, (size_t)(p - run));
		if (p == end)
			break;
		if (*p < 0x80) {
			to = escape_ascii(to, *p++);
			continue;
		}
		n = utf8_length(p, (size_t)(end - p));
		if (!n) {
			to = mempcpy(to, "\\ufffd", 6);
			valid = false;
			n = 1;
		} else if (n == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] & 0xfe) == 0xa8) {
			to = mempcpy(to, p[2] & 1 ? "\\u2029" : "\\u2028", 6); /* line separators */
		} else {
			to = mempcpy(to, p, n);
		}
		p += n;
	}
	out->len = (size_t)(to - out->data);
	out->data[out->len] = '\0';
	return valid;
}

static void add_base64(struct buf *out, const unsigned char *p, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *to;

	buf_reserve(out, (len + 2) / 3 * 4);
	to = out->data + out->len;
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t bits = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
			(left > 2 ? p[i + 2] : 0);

		*to++ = digits[bits >> 18];
		*to++ = digits[bits >> 12 & 63];
		*to++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*to++ = left > 2 ? digits[bits & 63] : '=';
	}
	out->len = (size_t)(to - out->data);
	out->data[out->len] = '\0';
}

void monitor_log_record(
	struct buf *out, const char *data, size_t len, const char *stream, const char *time)
{
	bool valid;

	buf_add(out, "{\"log\":\"", 8);
	valid = escape(out, (const unsigned char *)data, len);
	if (!valid) {
		buf_adds(out, "\",\"log64\":\"");
		add_base64(out, (const unsigned char *)data, len);
	}
	buf_adds(out, "\",\"stream\":\"");
	buf_adds(out, stream);
	buf_adds(out, "\",\"time\":\"");
	buf_adds(out, time);
	buf_add(out, "\"}\n", 3);
}

/* Cut behind the last newline: what follows is the half of a record. */
static int cut_half_record(struct monitor_log *log, const char *path, struct err *err)
{
	char tail[4096];
	off_t end = log->size;

	while (end > 0) {
		size_t n = end < (off_t)sizeof(tail) ? (size_t)end : sizeof(tail);
		ssize_t got = pread(log->fd, tail, n, end - (off_t)n);
		const char *newline;

		if (got != (ssize_t)n)
			return err_errno(err, "cannot read '%s'", path);
		newline = memrchr(tail, '\n', n);
		if (newline) {
			end -= (off_t)(tail + n - newline - 1);
			break;
		}
		end -= (off_t)n;
	}
	if (end != log->size && ftruncate(log->fd, end) < 0)
		return err_errno(err, "cannot cut '%s'", path);
	log->size = end;
	return 0;
}

int monitor_log_open(struct monitor_log *log, const char *path, struct err *err)
{
	struct stat st;

	*log = (struct monitor_log){.fd = -1};
	log->fd = open(
		path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (log->fd < 0 || fstat(log->fd, &st) < 0)
		return err_errno(err, "cannot open the log '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EINVAL, "the log '%s' is not a regular file", path);
	log->size = st.st_size;
	return cut_half_record(log, path, err);
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
		log->size += (off_t)log->text.len;
		log->failing = false;
	} else {
		if (!log->failing)
			log_warn("cannot write the container's log, output is dropped from it: %s",
				strerror(-r));
		log->failing = true;
		/* no half record: a reader takes each line for a document */
		if (ftruncate(log->fd, log->size) < 0)
			log_warn("cannot cut the container's log: %s", strerror(errno));
	}
	buf_reset(&log->text);
}

/* How much of an overlong line goes into this record: whole characters, if it is UTF-8 at all. */
static size_t record_length(const char *data)
{
	const unsigned char *p = (const unsigned char *)data;
	size_t n = MONITOR_LOG_RECORD_MAX;

	for (size_t back = 1; back <= 3; back++) {
		unsigned char c = p[n - back];

		if ((c & 0xc0) == 0x80)
			continue;
		/* a lead byte whose sequence does not end here begins the next record */
		if (c >= 0xc0 && !utf8_length(p + n - back, back))
			return n - back;
		break;
	}
	return n;
}

static void add_record(struct monitor_log *log, const struct monitor_log_line *line,
	const char *data, size_t len, const char *time)
{
	monitor_log_record(&log->text, data, len, line->stream, time);
	if (log->text.len >= FLUSH_AT)
		flush(log);
}

/* The records of data; returns how many bytes at its end are an unfinished line. */
static size_t add_lines(struct monitor_log *log, const struct monitor_log_line *line,
	const char *data, size_t len, const char *time)
{
	while (len) {
		size_t window = len < MONITOR_LOG_RECORD_MAX ? len : MONITOR_LOG_RECORD_MAX;
		const char *newline = memchr(data, '\n', window);
		size_t n;

		if (newline)
			n = (size_t)(newline - data) + 1;
		else if (len < MONITOR_LOG_RECORD_MAX)
			break;
		else
			n = record_length(data);
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
		size_t room = MONITOR_LOG_RECORD_MAX - line->held.len;
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
