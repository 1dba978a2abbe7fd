/* SPDX-License-Identifier: Apache-2.0 */
/* The first line is a path, the rest a .dockerignore: no crash. */
#include <stdint.h>
#include <string.h>

#include "builder/dockerignore.h"
#include "lib/mem.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err ignored;
	own_dockerignore struct dockerignore d = {0};
	own_mem char *path = NULL;
	const uint8_t *lf = size ? memchr(data, '\n', size) : NULL;
	size_t n = lf ? (size_t)(lf - data) : size;

	if (size > 4096)
		return 0;
	path = xstrndup((const char *)data, n);
	if (lf && dockerignore_parse((const char *)lf + 1, size - n - 1, &d, &ignored) == 0) {
		dockerignore_excludes(&d, path);
		dockerignore_may_include_below(&d, path);
	}
	return 0;
}
