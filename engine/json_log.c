/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/json_log.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/json.h"
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

int json_log_decode(const char *line, size_t len, struct json_log_record *record, struct buf *bytes,
	struct arena *a, struct err *err)
{
	const struct json *object = json_parse(a, line, len, JSON_LINE_MAX, err);
	const char *text = json_get_string(object, "log"),
		   *stream = json_get_string(object, "stream");
	const char *encoded = json_get_string(object, "log64");

	if (!object)
		return -err->code;
	if (!text || !stream)
		return err_set(err, E_SYNTAX, "the log has a line without \"log\" or \"stream\"");
	record->time = json_get_string(object, "time");
	record->is_stderr = strcmp(stream, "stderr") == 0;
	record->data = text;
	record->len = strlen(text);
	if (encoded) {
		buf_reset(bytes);
		if (base64_decode(encoded, bytes) < 0)
			return err_set(err, E_SYNTAX, "the log has a line with a bad \"log64\"");
		record->data = buf_str(bytes);
		record->len = bytes->len;
	}
	return 0;
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
