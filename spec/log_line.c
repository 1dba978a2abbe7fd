/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/log_line.h"

#include <stdint.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/utf8.h"

#define ESCAPED_MAX 6 /* "\\u0000" */

/* The members, for writer and reader. */
#define LOG    "log"
#define LOG64  "log64"
#define STREAM "stream"
#define TIME   "time"

/* ---- writing ---- */

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
		n = utf8_sequence(p, (size_t)(end - p));
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

void log_line_write(
	struct buf *out, const char *data, size_t len, const char *stream, const char *time)
{
	bool valid;

	buf_add(out, "{\"" LOG "\":\"", 8);
	valid = escape(out, (const unsigned char *)data, len);
	if (!valid) {
		buf_adds(out, "\",\"" LOG64 "\":\"");
		base64_encode(data, len, out);
	}
	buf_adds(out, "\",\"" STREAM "\":\"");
	buf_adds(out, stream);
	buf_adds(out, "\",\"" TIME "\":\"");
	buf_adds(out, time);
	buf_add(out, "\"}\n", 3);
}

size_t log_line_cut(const char *data)
{
	const unsigned char *p = (const unsigned char *)data;
	size_t n = LOG_LINE_MAX;

	for (size_t back = 1; back <= 3; back++) {
		unsigned char c = p[n - back];

		if ((c & 0xc0) == 0x80)
			continue;
		/* a lead byte whose sequence does not end here begins the next line */
		if (c >= 0xc0 && !utf8_sequence(p + n - back, back))
			return n - back;
		break;
	}
	return n;
}

/* ---- reading ---- */

struct scanner {
	const char *at, *end;
};

static int hex4(struct scanner *s)
{
	int value = 0;

	if (s->end - s->at < 4)
		return -1;
	for (int i = 0; i < 4; i++, s->at++) {
		char c = *s->at;
		int digit = c >= '0' && c <= '9'             ? c - '0'
			: (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
							     : -1;

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* The digits behind "\u", and those of the other half of a pair. */
static int take_unicode(struct scanner *s, struct buf *out)
{
	int c = hex4(s);

	if (c >= 0xd800 && c < 0xdc00 && s->end - s->at >= 6 && s->at[0] == '\\' &&
		s->at[1] == 'u') {
		int low;

		s->at += 2;
		low = hex4(s);
		c = low < 0xdc00 || low > 0xdfff ? -1
						 : 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
	}
	if (c < 0)
		return -1;
	utf8_add(out, (unsigned)c);
	return 0;
}

static int take_escape(struct scanner *s, struct buf *out)
{
	static const char letters[] = "bfnrt\"\\/", values[] = "\b\f\n\r\t\"\\/";
	const char *found;

	if (s->at == s->end || !*s->at)
		return -1;
	if (*s->at == 'u') {
		s->at++;
		return take_unicode(s, out);
	}
	found = strchr(letters, *s->at);
	if (!found)
		return -1;
	buf_addc(out, values[found - letters]);
	s->at++;
	return 0;
}

static bool take(struct scanner *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static int take_string(struct scanner *s, struct buf *out)
{
	buf_reset(out);
	if (!take(s, '"'))
		return -1;
	while (s->at < s->end && *s->at != '"') {
		const char *run = s->at;

		while (s->at < s->end && *s->at != '"' && *s->at != '\\')
			s->at++;
		buf_add(out, run, (size_t)(s->at - run));
		if (take(s, '\\') && take_escape(s, out) < 0)
			return -1;
	}
	return take(s, '"') ? 0 : -1;
}

/* docker's "attrs", an object of strings: passed over. */
static int skip_object(struct scanner *s, struct buf *scratch)
{
	if (!take(s, '{'))
		return -1;
	while (!take(s, '}'))
		if (take_string(s, scratch) < 0 || !take(s, ':') || take_string(s, scratch) < 0 ||
			(!take(s, ',') && (s->at == s->end || *s->at != '}')))
			return -1;
	return 0;
}

static int take_member(struct scanner *s, struct log_line *line)
{
	own_buf struct buf key = {0}, other = {0};
	const struct {
		const char *name;
		struct buf *value;
	} members[] = {{LOG, &line->log}, {LOG64, &line->log64}, {STREAM, &line->stream},
		{TIME, &line->time}};

	if (take_string(s, &key) < 0 || !take(s, ':'))
		return -1;
	if (s->at < s->end && *s->at == '{')
		return skip_object(s, &other);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (strcmp(buf_str(&key), members[i].name) == 0)
			return take_string(s, members[i].value);
	return take_string(s, &other);
}

int log_line_read(const char *text, size_t len, struct log_line *line, struct err *err)
{
	struct scanner s = {text, text + len};

	buf_reset(&line->log);
	buf_reset(&line->log64);
	buf_reset(&line->stream);
	buf_reset(&line->time);
	if (!take(&s, '{'))
		return err_set(err, E_SYNTAX, "the log has a line that is no object");
	while (!take(&s, '}'))
		if (take_member(&s, line) < 0 ||
			(!take(&s, ',') && (s.at == s.end || *s.at != '}')))
			return err_set(err, E_SYNTAX, "the log has a damaged line");
	if (!line->stream.len || !line->log.data)
		return err_set(err, E_SYNTAX, "the log has a line without \"log\" or \"stream\"");
	line->is_stderr = strcmp(buf_str(&line->stream), "stderr") == 0;
	if (!line->log64.len)
		return 0;
	buf_reset(&line->log);
	return base64_decode(buf_str(&line->log64), line->log64.len, &line->log) < 0
		? err_set(err, E_SYNTAX, "the log has a line with a bad \"log64\"")
		: 0;
}

void log_line_release(struct log_line *line)
{
	buf_release(&line->log);
	buf_release(&line->log64);
	buf_release(&line->stream);
	buf_release(&line->time);
}
