/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted as a reference means the same when it is written out and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(const char *text, const char *canonical, struct arena *a)
{
	struct reference again;
	struct err err;

	if (reference_parse(text, &again, a, &err) < 0 ||
		strcmp(reference_canonical(&again, a), canonical) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = xstrndup((const char *)data, size);
	own_arena struct arena a = {0};
	struct reference ref;
	struct err err;

	name_valid(text);
	if (reference_parse(text, &ref, &a, &err) < 0)
		return 0;
	same(reference_canonical(&ref, &a), reference_canonical(&ref, &a), &a);
	same(reference_familiar(&ref, &a), reference_canonical(&ref, &a), &a);
	if (strstr(ref.repository, "..") || ref.repository[0] == '/')
		abort();
	return 0;
}
