/* SPDX-License-Identifier: Apache-2.0 */
/* Go's fmt.Sprintf on JSON values. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/template_ast.h"
#include "lib/own.h"

struct verb {
	bool left, zero, plus;
	int width, precision; /* precision -1: none */
	char letter;
};

static const char *read_verb(const char *s, struct verb *v)
{
	*v = (struct verb){.precision = -1};
	for (;; s++) {
		if (*s == '-')
			v->left = true;
		else if (*s == '0')
			v->zero = true;
		else if (*s == '+')
			v->plus = true;
		else if (*s != ' ' && *s != '#')
			break;
	}
	while (isdigit((unsigned char)*s) && v->width < 100000)
		v->width = v->width * 10 + *s++ - '0';
	if (*s == '.') {
		v->precision = 0;
		for (s++; isdigit((unsigned char)*s) && v->precision < 100000; s++)
			v->precision = v->precision * 10 + *s - '0';
	}
	v->letter = *s;
	return *s ? s + 1 : s;
}

static void print_number(const struct verb *v, const struct json *value, struct buf *out)
{
	double d = strtod(value->text, NULL);
	int precision = v->precision < 0 ? 6 : v->precision;
	int64_t n;

	if (strchr("feg", v->letter)) {
		if (v->letter == 'f')
			buf_addf(out, v->plus ? "%+.*f" : "%.*f", precision, d);
		else if (v->letter == 'e')
			buf_addf(out, "%.*e", precision, d);
		else
			buf_addf(out, "%.*g", precision, d);
	} else if (json_int64(value, &n) < 0) {
		buf_adds(out, value->text);
	} else if (v->letter == 'x') {
		buf_addf(out, "%llx", (unsigned long long)n);
	} else if (v->letter == 'X') {
		buf_addf(out, "%llX", (unsigned long long)n);
	} else if (v->letter == 'o') {
		buf_addf(out, "%llo", (unsigned long long)n);
	} else {
		buf_addf(out, v->plus ? "%+lld" : "%lld", (long long)n);
	}
}

static void print_verb(const struct verb *v, const struct json *value, struct buf *out)
{
	own_buf struct buf text = {0};
	bool number = value && value->type == JSON_NUMBER;
	bool string = value && value->type == JSON_STRING;

	if (v->letter == 'q' && string)
		json_write_string(value->text, strlen(value->text), &text);
	else if (number && strchr("dxXofeg", v->letter))
		print_number(v, value, &text);
	else if (string && v->letter == 'x')
		for (const char *c = value->text; *c; c++)
			buf_addf(&text, "%02x", (unsigned char)*c);
	else if ((v->letter == 's' && number) || (v->letter == 'd' && string) ||
		!strchr("svqdt", v->letter))
		buf_addf(&text, "%%!%c(%s=%s)", v->letter, string ? "string" : "int",
			value && value->text ? value->text : "");
	else
		template_print(value, &text);
	if (v->precision >= 0 && string && (size_t)v->precision < text.len) {
		text.len = (size_t)v->precision;
		text.data[text.len] = '\0';
	}
	if (v->zero && !v->left && number)
		for (size_t n = text.len; n < (size_t)v->width; n++)
			buf_addc(out, '0');
	if (v->zero && !v->left && number)
		buf_adds(out, buf_str(&text));
	else
		buf_addf(out, v->left ? "%-*s" : "%*s", v->width, buf_str(&text));
}

void template_printf(
	const char *format, const struct json *const *args, size_t count, struct buf *out)
{
	size_t next = 0;

	for (const char *s = format; *s;) {
		struct verb v;

		if (*s != '%') {
			buf_addc(out, *s++);
			continue;
		}
		s = read_verb(s + 1, &v);
		if (v.letter == '%')
			buf_addc(out, '%');
		else if (!v.letter)
			buf_adds(out, "%!(NOVERB)");
		else if (next >= count)
			buf_addf(out, "%%!%c(MISSING)", v.letter);
		else
			print_verb(&v, args[next++], out);
	}
}
