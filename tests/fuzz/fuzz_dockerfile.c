/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the bytes are: no crash, and what is accepted survives the way through JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "builder/dockerfile/dockerfile.h"
#include "builder/dockerfile/dockerfile_json.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf lines = {0};
	struct dockerfile d, back;
	struct err err;

	if (dockerfile_parse((const char *)data, size, &d, &a, &err) < 0)
		return 0;
	dockerfile_check(&d, 0, &a, &err);
	json_write(directives_to_json(&d, &a), JSON_COMPACT, &lines);
	buf_addc(&lines, '\n');
	for (size_t i = 0; i < d.instructions.count; i++) {
		size_t start = lines.len;

		json_write(instruction_to_json(&d.instructions.items[i], &a), JSON_COMPACT, &lines);
		buf_addc(&lines, '\n');
		if (lines.len - start > JSON_LINE_MAX)
			return 0;
	}
	if (dockerfile_from_json(buf_str(&lines), lines.len, &back, &a, &err) < 0 ||
		back.instructions.count != d.instructions.count)
		abort();
	return 0;
}
