/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/capabilities.h"

#include "tests/unit/unit.h"

static void names(void)
{
	CU_ASSERT_EQUAL(capability_parse("CAP_CHOWN"), 0);
	CU_ASSERT_EQUAL(capability_parse("sys_admin"), 21);
	CU_ASSERT_EQUAL(capability_parse("CAP_CHECKPOINT_RESTORE"), 40);
	CU_ASSERT_EQUAL(capability_parse("CAP_"), -1);
	UNIT_STRING(capability_name(12), "NET_ADMIN");
	CU_ASSERT_PTR_NULL(capability_name(41));
	CU_ASSERT_PTR_NULL(capability_name(-1));
}

static void sets(void)
{
	struct capability_sets in = {
		.bounding = {.items = (const char *[]){"CAP_CHOWN", "CAP_KILL"}, .count = 2},
		.ambient = {.items = (const char *[]){"CAP_BPF"}, .count = 1}};
	struct capabilities out;
	struct err err;

	UNIT_OK(capabilities_parse(&in, &out, &err), &err);
	CU_ASSERT_EQUAL(out.bounding, 1 | 1 << 5);
	CU_ASSERT_EQUAL(out.ambient, (uint64_t)1 << 39);
	CU_ASSERT_EQUAL(out.effective, 0);
	UNIT_OK(capabilities_parse(NULL, &out, &err), &err);
	CU_ASSERT_EQUAL(out.bounding, 0);
}

static void unknown(void)
{
	struct capability_sets in = {
		.effective = {.items = (const char *[]){"CAP_EVERYTHING"}, .count = 1}};
	struct capabilities out;
	struct err err;

	CU_ASSERT_EQUAL(capabilities_parse(&in, &out, &err), -E_SYNTAX);
	UNIT_STRING(err.msg, "capability 'CAP_EVERYTHING' is unknown");
}

UNIT_TESTS(capabilities) = {
	{"a capability has a name and a number", names},
	{"sets are bits, and no sets are no capabilities", sets},
	{"an unknown name is an error that says it", unknown},
};
UNIT_COUNT(capabilities)
