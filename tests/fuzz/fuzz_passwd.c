/* SPDX-License-Identifier: Apache-2.0 */
/* The user on the first line, then passwd and, behind an empty line, group. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "spec/user.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const char *end = text + size;
	const char *eol = size ? memchr(text, '\n', size) : NULL;
	own_mem char *what = xstrndup(text, eol ? (size_t)(eol - text) : size);
	const char *passwd = eol ? eol + 1 : end;
	const char *gap = memmem(passwd, (size_t)(end - passwd), "\n\n", 2);
	const char *group = gap ? gap + 2 : end;
	const struct user_files files = {
		.passwd = passwd,
		.passwd_len = (size_t)((gap ? gap + 1 : end) - passwd),
		.group = group,
		.group_len = (size_t)(end - group),
	};
	own_arena struct arena a = {0};
	struct user u;
	struct err err;

	if (user_lookup(&files, what, &u, &a, &err) < 0)
		return 0;
	/* (uid_t)-1 would leave the user as it is */
	if (u.uid == UINT32_MAX || u.gid == UINT32_MAX || !u.home || u.additional_gids.count == 0 ||
		u.additional_gids.items[0] != u.gid)
		abort();
	return 0;
}
