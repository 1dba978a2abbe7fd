/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a RUN --mount: no crash, and what is accepted leads below the root, and to no cache
 * without an id.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "builder/run_mount.h"
#include "lib/mem.h"
#include "lib/own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	struct variables v = {.arena = &a, .escape = '\\'};
	own_mem char *text = NULL;
	struct run_mount m;
	struct err err;

	if (size > 4096)
		return 0;
	text = xstrndup((const char *)data, size);
	variables_declare(&v, "x", "../value,target=/y", NULL);
	run_mount_check_type(text, &v, &err);
	if (run_mount_parse(text, &v, "/work", &m, &err) < 0) {
		if (err.code != E_SYNTAX && err.code != E_UNSUPPORTED && err.code != E_LIMIT)
			abort();
		return 0;
	}
	if (*m.target != '/' || strstr(m.target, "/../") || strstr(m.target, "//"))
		abort();
	if ((m.type == RUN_MOUNT_CACHE || m.type == RUN_MOUNT_SECRET || m.type == RUN_MOUNT_SSH) &&
		!m.id)
		abort();
	return 0;
}
