/* SPDX-License-Identifier: Apache-2.0 */
/* Constants in a template, as Go writes them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/template_ast.h"
#include "lib/own.h"
#include "lib/utf8.h"

struct constant {
	struct arena *a;
	const char *at;
	const char *why;
};

static int bad(struct constant *p, const char *why)
{
	p->why = why;
	return -1;
}

static bool is_name(char c)
{
	return c == '_' || isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* \xHH, \uHHHH and \UHHHHHHHH; the backslash and letter are taken. */
static int take_hex_escape(struct constant *p, int digits, bool byte, struct buf *out)
{
	unsigned value = 0;

	for (int i = 0; i < digits; i++, p->at++) {
		if (!isxdigit((unsigned char)*p->at))
			return bad(p, "bad character in escape sequence");
		value = value << 4 |
			(unsigned)(isdigit((unsigned char)*p->at) ? *p->at - '0'
								  : (*p->at | 0x20) - 'a' + 10);
	}
	if (value == 0 || value > 0x10ffff)
		return bad(p, "escape sequence is no character");
	if (byte)
		buf_addc(out, (char)value);
	else
		utf8_add(out, value);
	return 0;
}

static int take_escape(struct constant *p, struct buf *out)
{
	static const char letters[] = "abfnrtv\\\"'";
	static const char values[] = "\a\b\f\n\r\t\v\\\"'";
	char letter = *p->at;
	const char *found = letter ? strchr(letters, letter) : NULL;

	if (!letter)
		return bad(p, "unterminated quoted string");
	p->at++;
	if (found) {
		buf_addc(out, values[found - letters]);
		return 0;
	}
	switch (letter) {
	case 'x':
		return take_hex_escape(p, 2, true, out);
	case 'u':
		return take_hex_escape(p, 4, false, out);
	case 'U':
		return take_hex_escape(p, 8, false, out);
	default:
		return bad(p, "unknown escape sequence");
	}
}

/* "..." with escapes, `...` without; the value is a JSON string. */
static int take_string(struct constant *p, const struct json **value)
{
	own_buf struct buf text = {0};
	char quote = *p->at++;

	while (*p->at && *p->at != quote) {
		if (quote == '"' && *p->at == '\n')
			break;
		if (quote == '"' && *p->at == '\\') {
			p->at++;
			if (take_escape(p, &text) < 0)
				return -1;
			continue;
		}
		buf_addc(&text, *p->at++);
	}
	if (*p->at != quote)
		return bad(p,
			quote == '"' ? "unterminated quoted string"
				     : "unterminated raw quoted string");
	p->at++;
	*value = json_new_string(p->a, buf_str(&text));
	return 0;
}

/* 'c' is the number of the character, as in Go. */
static int take_character(struct constant *p, const struct json **value)
{
	own_buf struct buf text = {0};
	const unsigned char *s;
	int64_t c;

	p->at++;
	while (*p->at && *p->at != '\'' && text.len < 5) {
		if (*p->at == '\\') {
			p->at++;
			if (take_escape(p, &text) < 0)
				return -1;
		} else {
			buf_addc(&text, *p->at++);
		}
	}
	if (*p->at != '\'' || !text.len)
		return bad(p, "unterminated character constant");
	p->at++;
	s = (const unsigned char *)buf_str(&text);
	c = s[0];
	if (s[0] >= 0xf0)
		c = (s[0] & 7) << 18 | (s[1] & 0x3f) << 12 | (s[2] & 0x3f) << 6 | (s[3] & 0x3f);
	else if (s[0] >= 0xe0)
		c = (s[0] & 15) << 12 | (s[1] & 0x3f) << 6 | (s[2] & 0x3f);
	else if (s[0] >= 0xc0)
		c = (s[0] & 31) << 6 | (s[1] & 0x3f);
	*value = json_new_int(p->a, c);
	return 0;
}

static int take_number(struct constant *p, const struct json **value)
{
	const char *start = p->at;
	struct json *number;
	char *end;
	long long n = strtoll(start, &end, 0);

	if (*end == '.' || *end == 'e' || *end == 'E') {
		strtod(start, &end);
		number = json_new_int(p->a, 0);
		number->text = arena_strndup(p->a, start, (size_t)(end - start));
	} else {
		number = json_new_int(p->a, n);
	}
	if (end == start || is_name(*end))
		return bad(p, "bad number syntax");
	p->at = end;
	*value = number;
	return 0;
}

int template_constant(struct arena *a, const char **at, const struct json **value, const char **why)
{
	struct constant p = {a, *at, NULL};
	int r = *p.at == '"' || *p.at == '`' ? take_string(&p, value)
		: *p.at == '\''              ? take_character(&p, value)
					     : take_number(&p, value);

	*at = p.at;
	*why = p.why;
	return r;
}
