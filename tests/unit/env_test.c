/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/env.h"

#include "lib/buf.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void merges(const char *const *env, const char *const *more, const char *expected)
{
	own_arena struct arena a = {0};
	own_buf struct buf all = {0};
	struct strings list = {0}, over = {0};

	for (; *env; env++)
		strings_add(&a, &list, *env);
	for (; *more; more++)
		strings_add(&a, &over, *more);
	env_merge(&list, &over, &a);
	for (size_t i = 0; i < list.count; i++)
		buf_addf(&all, "%s%s", i ? " " : "", list.items[i]);
	UNIT_STRING(buf_str(&all), expected);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void rules(void)
{
	merges(WORDS(NULL), WORDS(NULL), "");
	merges(WORDS("A=1", "B=2"), WORDS("C=3"), "A=1 B=2 C=3");
	merges(WORDS("A=1", "B=2"), WORDS("A=x=y"), "A=x=y B=2");
	merges(WORDS("A=1", "AB=2"), WORDS("AB="), "A=1 AB=");
	merges(WORDS("A=1", "B=2"), WORDS("A", "C"), "B=2");
	merges(WORDS("A=1", "B=2"), WORDS("A", "A=3"), "B=2 A=3");
	merges(WORDS(NULL), WORDS("A=1", "A=2", "A=3"), "A=3");
}

static void large(void)
{
	own_arena struct arena a = {0};
	struct strings list = {0}, over = {0};

	for (int i = 0; i < 100000; i++) {
		strings_add(&a, &list, arena_printf(&a, "V%d=old", i));
		strings_add(&a, &over, arena_printf(&a, "V%d=new", i));
	}
	env_merge(&list, &over, &a);
	CU_ASSERT_EQUAL(list.count, 100000);
	UNIT_STRING(list.items[99999], "V99999=new");
	CU_ASSERT_PTR_NULL(list.items[100000]);
	strings_add(&a, &list, "X=1");
	UNIT_STRING(list.items[100000], "X=1");
}

UNIT_TESTS(env) = {
	{"values are put over others by name, in order", rules},
	{"a hundred thousand variables are merged", large},
};
UNIT_COUNT(env)
