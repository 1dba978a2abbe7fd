/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/key_index.h"

#include <stdbool.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void keeps(void)
{
	own_arena struct arena a = {0};
	struct key_index index = {0};
	bool wrong = false;

	CU_ASSERT_EQUAL(key_index_get(&index, "none"), 0);
	for (size_t i = 1; i <= 5000; i++) {
		size_t *place = key_index_at(&index, arena_printf(&a, "key-%zu", i), &a);

		wrong = wrong || *place;
		*place = i;
	}
	for (size_t i = 1; i <= 5000; i++)
		wrong = wrong || key_index_get(&index, arena_printf(&a, "key-%zu", i)) != i ||
			*key_index_at(&index, arena_printf(&a, "key-%zu", i), &a) != i;
	CU_ASSERT_FALSE(wrong);
	CU_ASSERT_EQUAL(index.count, 5000);
	CU_ASSERT_EQUAL(key_index_get(&index, "key-"), 0);
	CU_ASSERT_EQUAL(key_index_get(&index, "key-5001"), 0);
	*key_index_at(&index, "", &a) = 7;
	CU_ASSERT_EQUAL(key_index_get(&index, ""), 7);
}

UNIT_TESTS(key_index) = {
	{"every key leads to its own number, however many there are", keeps},
};
UNIT_COUNT(key_index)
