/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a mount in config.json, one a line. */
#include <sys/mount.h>

#include "runtime/mount_options.h"
#include "tests/fuzz/fuzz.h"

/* mount_setattr(2): nothing is set and cleared, but for atime's field, which is cleared whole. */
static void check_bits(uint64_t set, uint64_t clear)
{
	FUZZ_CHECK(!(set & clear & ~(uint64_t)MOUNT_ATTR__ATIME));
	FUZZ_CHECK(!(set & MOUNT_ATTR__ATIME) || (clear & MOUNT_ATTR__ATIME) == MOUNT_ATTR__ATIME);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	const struct strings words = fuzz_lines(data, size, &a);
	struct mount_options o;
	struct err err = {0};
	int r = mount_options_parse(&words, &o, &err);
	bool recursive;

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	FUZZ_CHECK(o.ndata <= MOUNT_OPTIONS_MAX && o.ndata <= words.count);
	check_bits(o.set, o.clear);
	check_bits(o.recursive_set, o.recursive_clear);
	for (size_t i = 0; i < words.count; i++)
		mount_propagation(words.items[i], &recursive);
	return 0;
}
