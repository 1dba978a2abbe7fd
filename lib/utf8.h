/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 (RFC 3629): what is a character, and writing one. */
#ifndef KIST_LIB_UTF8_H
#define KIST_LIB_UTF8_H

#include <stddef.h>

#include "lib/buf.h"

/* The length of the character at s (left >= 1 bytes are there), or 0: no surrogates, shortest. */
static inline size_t utf8_sequence(const unsigned char *s, size_t left)
{
	size_t n = *s < 0x80              ? 1
		: *s >= 0xc2 && *s < 0xe0 ? 2
		: *s >= 0xe0 && *s < 0xf0 ? 3
		: *s >= 0xf0 && *s < 0xf5 ? 4
					  : 0;

	if (!n || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
		(*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* Append a character. */
void utf8_add(struct buf *out, unsigned c);

#endif
