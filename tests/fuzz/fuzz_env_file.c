/* SPDX-License-Identifier: Apache-2.0 */
/* --env-file and --label-file: each entry has a name, and merging gives each name once. */
#include <ctype.h>

#include "engine/cli/env_flag.h"
#include "lib/env.h"
#include "tests/fuzz/fuzz.h"

static void merge(const struct strings *list)
{
	own_arena struct arena a = {0};
	struct strings env = {0}, again;

	env_merge(&env, list, &a);
	FUZZ_CHECK(env.count <= list->count);
	again = env;
	env_merge(&again, &env, &a);
	FUZZ_CHECK(again.count == env.count);
	for (size_t i = 0; i < env.count; i++)
		FUZZ_CHECK(strchr(env.items[i], '=') && strcmp(env.items[i], again.items[i]) == 0);
}

static void read_text(const char *text, size_t len)
{
	own_fd int fd = fuzz_file(text, len);
	char path[FUZZ_PATH_MAX];

	fuzz_path(fd, path);
	for (int env = 0; env < 2; env++) {
		own_arena struct arena a = {0};
		struct strings list = {0};
		struct err err = {0};
		int r = env_flag_read_file(path, env, &list, &a, &err);

		if (r < 0) {
			fuzz_check_error(r, &err);
			FUZZ_CHECK(strstr(err.msg, path));
			continue;
		}
		for (size_t i = 0; i < list.count; i++)
			FUZZ_CHECK(*list.items[i] != '=' && *list.items[i] != '#' &&
				!isspace((unsigned char)*list.items[i]) &&
				!strpbrk(list.items[i], "\r\n"));
		merge(&list);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_text((const char *)data, size);
	fuzz_repeat(data, size, 256 * 1024, read_text);
	return 0;
}
