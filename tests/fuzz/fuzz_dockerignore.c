/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first line is a path, the rest a .dockerignore: reading a path along a walk finds what
 * matching each of its directories from the start finds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "builder/dockerignore.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool matches(const struct glob *g, const char *path)
{
	for (size_t n = 1; *path && n <= strlen(path); n++)
		if ((!path[n] || path[n] == '/') && glob_match(g, path, n))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err ignored;
	own_dockerignore struct dockerignore d = {0};
	own_ignore_place struct ignore_place place = {0};
	own_mem char *path = NULL, *clean = NULL;
	const uint8_t *lf = size ? memchr(data, '\n', size) : NULL;
	size_t n = lf ? (size_t)(lf - data) : size;

	if (size > 4096)
		return 0;
	path = xstrndup((const char *)data, n);
	if (lf && dockerignore_parse((const char *)lf + 1, size - n - 1, &d, &ignored) == 0) {
		bool excluded = false;

		clean = path_clean(path);
		if (!*path || *path == '/' || strcmp(path, ".") == 0 || strcmp(path, clean) != 0)
			return 0;
		for (size_t i = 0; i < d.count; i++)
			if (matches(&d.rules[i].glob, path))
				excluded = !d.rules[i].include;
		ignore_path(&d, path, &place);
		if (ignore_excludes(&place) != excluded)
			abort();
		ignore_may_include_below(&place, path);
	}
	return 0;
}
