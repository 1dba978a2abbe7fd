/* SPDX-License-Identifier: Apache-2.0 */
/* A config.json that is accepted means the same when it is written and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/runtime_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct runtime_config c;
	struct err err;

	if (size > JSON_DOCUMENT_MAX / 8)
		return 0;
	if (runtime_config_parse((const char *)data, size, &c, &a, &err) < 0)
		return 0;
	runtime_config_encode(&c, JSON_COMPACT, &once);
	if (runtime_config_parse(buf_str(&once), once.len, &c, &a, &err) < 0)
		abort();
	runtime_config_encode(&c, JSON_COMPACT, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
		abort();
	return 0;
}
