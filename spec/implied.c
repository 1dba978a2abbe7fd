/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/implied.h"

#include <string.h>

#include "lib/schema.h"

/* As it stands in a line; exactly one of the two is there. */
struct line {
	const char *path, *path_hex;
	bool whiteout;
};

static const struct schema_field line_fields[] = {
	FIELD(struct line, path, "path", SCHEMA_STRING),
	FIELD(struct line, path_hex, "path_hex", SCHEMA_STRING),
	FIELD(struct line, whiteout, "whiteout", SCHEMA_BOOL),
};
static const struct schema line_schema = SCHEMA(struct line, line_fields);

static bool is_ascii(const char *text)
{
	/* char is signed on some machines and not on others */
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c >= 0x80)
			return false;
	return true;
}

static const char *encode_hex(const char *text, struct arena *a)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = arena_alloc(a, 2 * strlen(text) + 1);
	char *p = hex;

	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		*p++ = digits[*c >> 4];
		*p++ = digits[*c & 15];
	}
	return hex;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* NULL for what is no bytes, or has a NUL. */
static const char *decode_hex(const char *hex, struct arena *a)
{
	size_t n = strlen(hex);
	char *text = arena_alloc(a, n / 2 + 1);

	for (size_t i = 0; i < n; i += 2) {
		int high = digit(hex[i]), low = digit(hex[i + 1]);

		if (high < 0 || low < 0 || high + low == 0)
			return NULL;
		text[i / 2] = (char)(high << 4 | low);
	}
	return text;
}

void implied_write(const struct implied_directory *d, struct buf *out)
{
	own_arena struct arena a = {0};
	struct line line = {.whiteout = d->whiteout};

	if (is_ascii(d->path))
		line.path = d->path;
	else
		line.path_hex = encode_hex(d->path, &a);
	json_write(schema_encode(&line_schema, &line, &a), JSON_COMPACT, out);
	buf_addc(out, '\n');
}

static int read_line(const char *text, size_t len,
	int (*each)(void *arg, const struct implied_directory *directory, struct err *err),
	void *arg, struct err *err)
{
	own_arena struct arena a = {0};
	struct implied_directory d;
	struct line line;

	if (schema_decode_text(&line_schema, text, len, JSON_LINE_MAX, &line, &a, err) < 0)
		return err_wrap(err, "implied directories");
	d = (struct implied_directory){line.path, line.whiteout};
	if (!d.path && line.path_hex)
		d.path = decode_hex(line.path_hex, &a);
	if (!d.path || !*d.path || (line.path && line.path_hex))
		return err_set(err, E_SYNTAX, "implied directories: a line without a path");
	return each(arg, &d, err);
}

int implied_read(const char *text, size_t len,
	int (*each)(void *arg, const struct implied_directory *directory, struct err *err),
	void *arg, struct err *err)
{
	for (const char *p = text, *end = text + len; p < end;) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((lf ? lf : end) - p);
		int r = read_line(p, n, each, arg, err);

		if (r < 0)
			return r;
		p += n + 1;
	}
	return 0;
}
