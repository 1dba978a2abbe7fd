/* SPDX-License-Identifier: Apache-2.0 */
/* The attach frame parser: the first byte chooses the side, the rest is the packet. */
#include <stdint.h>
#include <stdlib.h>

#include "spec/attach.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attach_frame f;
	struct err err;
	unsigned sum = 0;

	if (!size)
		return 0;
	if (attach_parse(data + 1, size - 1, data[0] & 1 ? ATTACH_FROM_MONITOR : ATTACH_FROM_CLIENT,
		    &f, &err) < 0)
		return 0;
	if (f.len > ATTACH_CONTENT_MAX || f.len != size - 2)
		abort();
	for (size_t i = 0; i < f.len; i++)
		sum += f.content[i];
	return sum == 1u << 31;
}
