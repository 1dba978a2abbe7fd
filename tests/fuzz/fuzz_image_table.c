/* SPDX-License-Identifier: Apache-2.0 */
/* index.json: what is accepted survives being changed, written and read again. */
#include <stdint.h>
#include <stdlib.h>

#include "store/image_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set(struct image_table *t, const char *reference, struct image_entry e, struct arena *a)
{
	e.reference = reference;
	image_table_set(t, &e, 1, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct image_table t, back;
	struct err err = {0};

	if (image_table_parse((const char *)data, size, &t, &a, &err) < 0)
		return 0;
	if (t.count && !t.rows[0].damaged) {
		struct image_entry first = t.rows[0].entry;

		set(&t, "docker.io/library/fuzz:1", first, &a);
		if (first.reference) {
			const struct strings one = {&first.reference, 1};

			if (image_table_unset(&t, &one, true, &a))
				abort(); /* it was there */
		}
	}
	json_write(image_table_encode(&t, &a), JSON_COMPACT, &text);
	if (image_table_parse(text.data, text.len, &back, &a, &err) < 0 || back.count != t.count)
		abort();
	return 0;
}
