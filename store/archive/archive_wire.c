/* SPDX-License-Identifier: Apache-2.0 */
#include "store/archive/archive_wire.h"

#include <string.h>

int archive_claim_pack(const struct archive_claim *claim, struct buf *text, struct err *err)
{
	const char *const strings[] = {
		claim->reference, claim->media_type, claim->repo_name, claim->repo_digest};

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		const char *s = strings[i] ? strings[i] : "";

		buf_add(text, s, strlen(s) + 1);
	}
	return text->len > ARCHIVE_TEXT_MAX
		? err_set(err, E_LIMIT, "names of more than %d bytes", ARCHIVE_TEXT_MAX)
		: 0;
}

int archive_claim_unpack(const char *text, size_t len, struct archive_claim *claim, struct err *err)
{
	const char **const strings[] = {
		&claim->reference, &claim->media_type, &claim->repo_name, &claim->repo_digest};
	const char *at = text;

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		size_t left = len - (size_t)(at - text), n = strnlen(at, left);

		if (n == left)
			return err_set(err, E_SYNTAX, "a claim without its end");
		*strings[i] = n ? at : NULL;
		at += n + 1;
	}
	return at == text + len ? 0
				: err_set(err, E_SYNTAX, "a claim with more than belongs there");
}
