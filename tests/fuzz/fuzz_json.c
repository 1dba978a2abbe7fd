/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted as JSON is the same when it is written and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct err err;
	const struct json *v = json_parse(&a, (const char *)data, size, JSON_LINE_MAX, &err);

	if (!v)
		return 0;
	json_write(v, JSON_COMPACT, &once);
	v = json_parse(&a, buf_str(&once), once.len, 6 * JSON_LINE_MAX, &err);
	if (!v)
		abort();
	json_write(v, JSON_COMPACT, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
		abort();
	json_write(v, JSON_PRETTY, &twice);
	return 0;
}
