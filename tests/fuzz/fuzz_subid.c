/* SPDX-License-Identifier: Apache-2.0 */
/* The user's name on the first line, then a subuid file: ranges of ids that exist, none twice. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/subid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	const char *eol = size ? memchr(text, '\n', size) : NULL;
	own_mem char *name = xstrndup(text, eol ? (size_t)(eol - text) : size);
	const struct subid_owner owner = {name, 1000, 1000};
	const char *file = eol ? eol + 1 : end;
	struct subid_ranges r;
	uint64_t total = 1;

	free(subid_name(file, (size_t)(end - file), 1000));
	subid_parse(file, (size_t)(end - file), &owner, &r);
	if (r.count > SUBID_RANGES_MAX)
		abort();
	for (size_t i = 0; i < r.count; i++) {
		uint64_t first = r.items[i].first, behind = first + r.items[i].count;

		if (first == behind || behind > UINT32_MAX || (first <= 1000 && 1000 < behind))
			abort();
		for (size_t k = 0; k < i; k++)
			if (first < (uint64_t)r.items[k].first + r.items[k].count &&
				r.items[k].first < behind)
				abort();
		total += r.items[i].count;
	}
	if (total > UINT32_MAX)
		abort();
	return 0;
}
