/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a file that a container wants to execute. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/executable.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct executable x;

	executable_parse(data, size, &x);
	if (x.kind == EXECUTABLE_OTHER && x.interpreter[0])
		abort();
	if (strnlen(x.interpreter, sizeof(x.interpreter)) == sizeof(x.interpreter))
		abort();
	return 0;
}
