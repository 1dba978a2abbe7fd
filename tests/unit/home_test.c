/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/home.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char *find(uint32_t uid, const char *text, size_t piece)
{
	static struct home_search s;
	size_t len = strlen(text);

	s = (struct home_search){.uid = uid};
	for (size_t at = 0; at < len; at += piece) {
		const char *home = home_search(&s, text + at, len - at < piece ? len - at : piece);

		if (home)
			return home;
	}
	return NULL;
}

static void lines(void)
{
	static const char text[] = "# a comment\n"
				   "root:x:0:0:root:/root:/bin/sh\n"
				   "short:x:5\n"
				   "bad:x:5x:5::/bad:\n"
				   "none:x::5::/none:\n"
				   "relative:x:5:5::here:\n"
				   "five:x:5:5::/five:/bin/sh\n"
				   "again:x:5:5::/again:/bin/sh\n"
				   "without:x:6:6::/without\n";

	for (size_t piece = 1; piece < sizeof(text); piece++) {
		UNIT_STRING(find(0, text, piece), "/root");
		UNIT_STRING(find(5, text, piece), "/five");
		UNIT_STRING(find(6, text, piece), "/without");
		CU_ASSERT_PTR_NULL(find(7, text, piece));
	}
	/* the last line may lack its end: the caller adds one */
	CU_ASSERT_PTR_NULL(find(0, "root:x:0:0::/root:", 100));
}

static void too_long(void)
{
	static char text[3 * HOME_MAX + 40];

	memset(text, 'x', 3 * HOME_MAX);
	memcpy(text, "a:x:1:1::/", 10);
	strcpy(text + 3 * HOME_MAX, ":/bin/sh\nb:x:1:1::/b:\n");
	UNIT_STRING(find(1, text, 7), "/b");
}

UNIT_TESTS(home) = {
	{"a home directory is found by the user's number", lines},
	{"a line that is too long is passed over", too_long},
};
UNIT_COUNT(home)
