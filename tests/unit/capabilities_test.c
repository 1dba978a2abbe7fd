/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/capabilities.h"

#include "tests/unit/unit.h"

static void names(void)
{
	UNIT_STRING(capability_name(12), "NET_ADMIN");
	CU_ASSERT_PTR_NULL(capability_name(41));
	CU_ASSERT_PTR_NULL(capability_name(-1));
}

static void sets(void)
{
	struct capability_sets in = {.bounding = {.items = (const char *[]){"CAP_CHOWN", "CAP_KILL",
							  "sys_admin", "CAP_CHECKPOINT_RESTORE"},
					     .count = 4},
		.permitted = {.items = (const char *[]){"CAP_KILL"}, .count = 1},
		.inheritable = {.items = (const char *[]){"CAP_KILL"}, .count = 1},
		.ambient = {.items = (const char *[]){"CAP_KILL"}, .count = 1}};
	own_buf struct buf ignored = {0};
	struct capabilities out;

	capabilities_parse(&in, CAPABILITIES_ALL, &out, &ignored);
	CU_ASSERT_EQUAL(out.bounding, UINT64_C(1) | 1 << 5 | 1 << 21 | UINT64_C(1) << 40);
	CU_ASSERT_EQUAL(out.ambient, 1 << 5);
	CU_ASSERT_EQUAL(out.effective, 0);
	capabilities_parse(NULL, CAPABILITIES_ALL, &out, &ignored);
	CU_ASSERT_EQUAL(out.bounding, 0);
	CU_ASSERT_EQUAL(ignored.len, 0);
}

static void left_out(void)
{
	const struct strings chown = {.items = (const char *[]){"CAP_CHOWN"}, .count = 1};
	struct capability_sets in = {
		.bounding = {.items = (const char *[]){"CAP_CHOWN", "CAP_KILL"}, .count = 2},
		.effective = {.items = (const char *[]){"CAP_EVERYTHING", "CAP_CHOWN"}, .count = 2},
		.permitted = chown,
		.ambient = chown};
	own_buf struct buf ignored = {0};
	struct capabilities out;

	/* unknown, not inheritable */
	capabilities_parse(&in, CAPABILITIES_ALL, &out, &ignored);
	CU_ASSERT_EQUAL(out.effective, 1);
	CU_ASSERT_EQUAL(out.ambient, 0);
	UNIT_STRING(buf_str(&ignored), "effective CAP_EVERYTHING, ambient CAP_CHOWN");
	/* not ours to give */
	buf_reset(&ignored);
	capabilities_parse(&in, 1 << 5, &out, &ignored);
	CU_ASSERT_EQUAL(out.bounding, 1 << 5);
	CU_ASSERT_EQUAL(out.effective | out.permitted, 0);
}

UNIT_TESTS(capabilities) = {
	{"a capability has a name and a number", names},
	{"sets are bits, and no sets are no capabilities", sets},
	{"what is unknown or cannot be had is left out and named", left_out},
};
UNIT_COUNT(capabilities)
