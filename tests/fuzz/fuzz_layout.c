/* SPDX-License-Identifier: Apache-2.0 */
/* The documents of an archive that kist-push reads: index.json, then manifests, a line each. */
#include "lib/sha256.h"
#include "puller/layout_documents.h"
#include "puller/resolve.h"
#include "tests/fuzz/fuzz.h"

static void hold(struct layout_documents *d, const char *line, size_t number)
{
	own_buf struct buf text = {0};
	char hex[SHA256_HEX_LEN + 1];
	struct digest digest;
	struct err err;

	buf_adds(&text, line);
	if (!layout_looks_like_manifest(&text))
		return;
	memset(hex, "0123456789abcdef"[number % 16], SHA256_HEX_LEN);
	hex[SHA256_HEX_LEN] = '\0';
	digest = digest_from_hex(hex);
	if (layout_hold(d, &digest, &text, &err) == 0) {
		const struct document *found = layout_find(d, digest.text);

		FUZZ_CHECK(found);
		document_is_index(found);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	const struct strings lines = fuzz_lines(data, size, &a);
	struct layout_documents d = {0};
	own_buf struct buf index = {0};
	struct reference ref;
	struct err err = {0};
	const struct descriptor *chosen;

	FUZZ_CHECK(reference_parse("alpine:3", &ref, &a, &err) == 0);
	if (lines.count) {
		buf_adds(&index, lines.items[0]);
		layout_take_index(&d, &index, &err);
		/* a second one is refused */
		if (d.have_index)
			FUZZ_CHECK(layout_take_index(&d, &index, &err) < 0);
	}
	for (size_t i = 1; i < lines.count; i++)
		hold(&d, lines.items[i], i);
	err = (struct err){0};
	chosen = layout_choose(&d, &ref, &err);
	FUZZ_CHECK(chosen ? digest_valid(chosen->digest) : err.code > 0);
	layout_documents_release(&d);
	return 0;
}
