/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/cgroup_private.h"

#include <stdio.h>

#include "tests/unit/unit.h"

static const char *path_of(const char *path, int *code)
{
	static char text[100];
	struct arena a = {0};
	struct cgroup cg;
	struct err err;

	*code = cgroup_init(&cg, path, "id", &a, &err);
	snprintf(text, sizeof(text), "%s", *code == 0 ? cg.path : "");
	arena_release(&a);
	return text;
}

static void paths(void)
{
	int code;

	UNIT_STRING(path_of(NULL, &code), "/id");
	UNIT_STRING(path_of("", &code), "/id");
	UNIT_STRING(path_of("/kist/web", &code), "/kist/web");
	UNIT_STRING(path_of("kist//web/", &code), "/kist/web");
	UNIT_STRING(path_of("a..b/..c", &code), "/a..b/..c");
}

static void refused(void)
{
	int code;

	path_of("/a/../..", &code);
	CU_ASSERT_EQUAL(code, -E_SYNTAX);
	path_of("..", &code);
	CU_ASSERT_EQUAL(code, -E_SYNTAX);
	path_of("/", &code);
	CU_ASSERT_EQUAL(code, -E_SYNTAX);
}

static void controllers(void)
{
	struct cgroup cg = {.count = 3,
		.items = {{.name = "cpu,cpuacct"}, {.name = "memory"},
			{.name = "unified", .v2 = true}}};

	CU_ASSERT_PTR_EQUAL(cgroup_v1_of(&cg, "cpu"), &cg.items[0]);
	CU_ASSERT_PTR_EQUAL(cgroup_v1_of(&cg, "cpuacct"), &cg.items[0]);
	CU_ASSERT_PTR_EQUAL(cgroup_v1_of(&cg, "memory"), &cg.items[1]);
	CU_ASSERT_PTR_NULL(cgroup_v1_of(&cg, "mem"));
	CU_ASSERT_PTR_NULL(cgroup_v1_of(&cg, "cpuset"));
	CU_ASSERT_PTR_NULL(cgroup_v1_of(&cg, "unified"));
}

UNIT_TESTS(cgroup) = {
	{"a path is cleaned and begins at the root", paths},
	{"a path that leaves the root or names nothing is refused", refused},
	{"a controller is found by its whole name", controllers},
};
UNIT_COUNT(cgroup)
