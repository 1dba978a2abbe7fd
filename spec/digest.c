/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/digest.h"

#include <stdio.h>
#include <string.h>

static bool hex_only(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

bool digest_valid(const char *text)
{
	return strncmp(text, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0 &&
		hex_only(text + DIGEST_PREFIX_LEN, DIGEST_HEX_LEN);
}

int digest_parse(const char *text, struct digest *digest, struct err *err)
{
	if (digest_valid(text)) {
		memcpy(digest->text, text, sizeof(digest->text));
		return 0;
	}
	if (strncmp(text, "sha512:", 7) == 0 && hex_only(text + 7, 128))
		return err_set(err, E_UNSUPPORTED, "digest algorithm sha512 is not supported");
	return err_set(
		err, E_SYNTAX, "invalid digest '%.80s': expected sha256: and 64 hex digits", text);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
	return strcmp(a->text, b->text) == 0;
}

const char *digest_hex(const struct digest *digest)
{
	return digest->text + DIGEST_PREFIX_LEN;
}

struct digest digest_from_hex(const char *hex)
{
	struct digest d;

	snprintf(d.text, sizeof(d.text), DIGEST_PREFIX "%.64s", hex);
	return d;
}

bool digest_hex_valid(const char *text)
{
	return strlen(text) == DIGEST_HEX_LEN && strspn(text, "0123456789abcdef") == DIGEST_HEX_LEN;
}
