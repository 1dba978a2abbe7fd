/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pattern (first line) and a path: read at once or in pieces, with "**" or without, the answer is
 * the same, and it takes no time that grows with more than both.
 */
#include "builder/glob.h"
#include "tests/fuzz/fuzz.h"

static bool in_pieces(const struct glob *g, const char *path)
{
	size_t words = glob_words(g);
	own_mem uint64_t *states = xcalloc(words + 1, sizeof(*states));
	own_mem uint64_t *scratch = xcalloc(words + 1, sizeof(*scratch));

	glob_begin(g, states);
	while (*path) {
		size_t n = *path == '/' ? 1 : strcspn(path, "/");

		if (!glob_read(g, states, scratch, path, n))
			return false;
		path += n;
	}
	return glob_matches(g, states);
}

static void match(const char *pattern, unsigned flags, const char *path)
{
	own_glob struct glob g = {0};
	struct err err = {0};
	int r = glob_parse(pattern, flags, &g, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return;
	}
	FUZZ_CHECK(glob_match(&g, path, strlen(path)) == in_pieces(&g, path));
	if (!glob_is_pattern(pattern) && !strchr(pattern, '\\'))
		FUZZ_CHECK(glob_match(&g, pattern, strlen(pattern)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	const struct strings lines = fuzz_lines(data, size, &a);
	const char *pattern = lines.count ? lines.items[0] : "";
	const char *path = lines.count > 1 ? lines.items[1] : "";
	int64_t began = fuzz_clock();

	if (size > 8192)
		return 0;
	match(pattern, 0, path);
	match(pattern, GLOB_STAR_STAR, path);
	fuzz_check_cost(began, size);
	return 0;
}
