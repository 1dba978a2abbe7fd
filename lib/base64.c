/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *data, size_t len, struct buf *out)
{
	const unsigned char *p = data;
	char *to;

	/* in one piece: a container's log may hold gigabytes of it */
	buf_reserve(out, (len + 2) / 3 * 4);
	to = out->data + out->len;
	for (; len; p += 3, len -= len < 3 ? len : 3) {
		uint32_t three = (uint32_t)p[0] << 16 | (len > 1 ? (uint32_t)p[1] << 8 : 0) |
			(len > 2 ? p[2] : 0u);

		*to++ = alphabet[three >> 18];
		*to++ = alphabet[three >> 12 & 63];
		*to++ = len > 1 ? alphabet[three >> 6 & 63] : '=';
		*to++ = len > 2 ? alphabet[three & 63] : '=';
		if (len < 3)
			break;
	}
	out->len = (size_t)(to - out->data);
	out->data[out->len] = '\0';
}

int base64_decode(const char *text, size_t len, struct buf *out)
{
	uint32_t bits = 0;
	int have = 0;

	for (int i = 0; i < 2 && len && text[len - 1] == '='; i++)
		len--;
	if (len % 4 == 1)
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		const char *at = text[i] ? strchr(alphabet, text[i]) : NULL;

		if (!at)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_addc(out, (char)(bits >> have));
		}
	}
	return 0;
}
