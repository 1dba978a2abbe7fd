/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/json_log.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"

#define BLOCK 65536

static int base64_value(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Append what base64 text stands for (RFC 4648). Returns -1 when it is none. */
static int base64_decode(const char *text, struct buf *out)
{
	unsigned bits = 0, have = 0;

	for (; *text && *text != '='; text++) {
		int v = base64_value(*text);

		if (v < 0)
			return -1;
		bits = bits << 6 | (unsigned)v;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_addc(out, (char)(bits >> have & 0xff));
		}
	}
	return 0;
}

/*
 * One line, read by hand: a container may write NUL, which the strict reader of lib/json refuses in
 * strings and docker's log has as \u0000.
 */
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
	char utf8[4];
	size_t n = 0;

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
	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xe0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | c >> 18);
		utf8[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	buf_add(out, utf8, n);
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

static int take_member(struct scanner *s, struct json_log_line *line)
{
	own_buf struct buf key = {0}, other = {0};
	const struct {
		const char *name;
		struct buf *value;
	} members[] = {{"log", &line->log}, {"log64", &line->log64}, {"stream", &line->stream},
		{"time", &line->time}};

	if (take_string(s, &key) < 0 || !take(s, ':'))
		return -1;
	if (s->at < s->end && *s->at == '{')
		return skip_object(s, &other);
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (strcmp(buf_str(&key), members[i].name) == 0)
			return take_string(s, members[i].value);
	return take_string(s, &other);
}

int json_log_decode(const char *text, size_t len, struct json_log_line *line, struct err *err)
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
	return base64_decode(buf_str(&line->log64), &line->log) < 0
		? err_set(err, E_SYNTAX, "the log has a line with a bad \"log64\"")
		: 0;
}

void json_log_line_release(struct json_log_line *line)
{
	buf_release(&line->log);
	buf_release(&line->log64);
	buf_release(&line->stream);
	buf_release(&line->time);
}

off_t json_log_tail(int fd, uint64_t n, struct err *err)
{
	own_mem char *block = xmalloc(BLOCK);
	struct stat st;
	off_t end;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "cannot look at the log");
	end = st.st_size;
	if (n == 0)
		return end;
	while (end > 0) {
		off_t begin = end > BLOCK ? end - BLOCK : 0;
		ssize_t got = pread(fd, block, (size_t)(end - begin), begin);

		if (got < 0)
			return err_errno(err, "cannot read the log");
		for (ssize_t i = got; i-- > 0;)
			/* the line feed at the very end closes the last line */
			if (block[i] == '\n' && begin + i + 1 != st.st_size && --n == 0)
				return begin + i + 1;
		end = begin;
	}
	return 0;
}
