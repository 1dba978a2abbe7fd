/* SPDX-License-Identifier: Apache-2.0 */
/* Durations: no crash, and what is printed of one is read as the same one. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/duration.h"
#include "lib/mem.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = NULL;
	own_buf struct buf printed = {0};
	int64_t first, second;
	struct err err;

	if (size > 4096)
		return 0;
	text = xstrndup((const char *)data, size);
	if (duration_parse(text, &first, &err) < 0)
		return 0;
	duration_format(first, &printed);
	if (duration_parse(buf_str(&printed), &second, &err) < 0 || second != first)
		abort();
	return 0;
}
