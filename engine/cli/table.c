/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/table.h"

#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

#define COLUMNS_MAX 64

/* Characters of UTF-8 text: bytes that do not continue one. */
static size_t characters(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((unsigned char)s[i] & 0xc0) != 0x80;
	return count;
}

static void measure(const char *text, size_t widths[COLUMNS_MAX])
{
	size_t column = 0;

	while (*text) {
		size_t n = strcspn(text, "\t\n");

		if (text[n] == '\t' && column < COLUMNS_MAX) {
			size_t width = characters(text, n);

			if (width > widths[column])
				widths[column] = width;
			column++;
		} else {
			column = 0;
		}
		text += n + (text[n] != '\0');
	}
}

void table_align_wide(const char *text, size_t minimum, size_t padding, struct buf *out)
{
	size_t widths[COLUMNS_MAX] = {0};
	size_t column = 0;

	measure(text, widths);
	while (*text) {
		size_t n = strcspn(text, "\t\n");

		buf_add(out, text, n);
		if (text[n] == '\t') {
			size_t width = column < COLUMNS_MAX ? widths[column] + padding : minimum;

			if (width < minimum)
				width = minimum;
			for (size_t i = characters(text, n); i < width; i++)
				buf_addc(out, ' ');
			column++;
		} else if (text[n] == '\n') {
			buf_addc(out, '\n');
			column = 0;
		}
		text += n + (text[n] != '\0');
	}
}

void table_align(const char *text, struct buf *out)
{
	table_align_wide(text, 10, 3, out);
}
