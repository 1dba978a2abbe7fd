/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/deadlines.h"

#include <limits.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

struct row {
	struct deadlines *d;
	char *order;
	char letter;
	int64_t again; /* set itself for then; 0: once */
};

static void due(void *arg)
{
	struct row *r = arg;
	size_t n = strlen(r->order);

	r->order[n] = r->letter;
	r->order[n + 1] = '\0';
	if (r->again)
		deadlines_set(r->d, r->again, due, r);
	r->again = 0;
}

static void in_order(void)
{
	struct deadlines d = {0};
	char order[32] = "";
	struct row rows[] = {{&d, order, 'a', 0}, {&d, order, 'b', 35}, {&d, order, 'c', 0},
		{&d, order, 'd', 0}, {&d, order, 'e', 0}, {&d, order, 'f', 0}};

	CU_ASSERT_EQUAL(deadlines_timeout(&d, 0), -1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		deadlines_set(&d, 60 - 10 * (int64_t)i, due, &rows[i]);
	CU_ASSERT_EQUAL(d.count, ARRAY_LEN(rows));
	CU_ASSERT_EQUAL(deadlines_timeout(&d, 3), 7);
	CU_ASSERT_EQUAL(deadlines_timeout(&d, 10), 0);
	deadlines_set(&d, 45, due, &rows[5]); /* moved, not doubled */
	CU_ASSERT_EQUAL(d.count, ARRAY_LEN(rows));
	deadlines_set(&d, 1000, due, &rows[0]);
	deadlines_run(&d, 19);
	UNIT_STRING(order, "");
	deadlines_run(&d, 45);
	UNIT_STRING(order, "edcf");
	deadlines_run(&d, 50);
	/* it sets itself to a time that has passed: at once, and once */
	UNIT_STRING(order, "edcfbb");
	CU_ASSERT_EQUAL(deadlines_timeout(&d, 50), 950);
	CU_ASSERT_EQUAL(d.count, 1);
	deadlines_set(&d, INT64_MAX, due, &rows[0]);
	CU_ASSERT_EQUAL(deadlines_timeout(&d, 0), INT_MAX);
	deadlines_release(&d);
}

UNIT_TESTS(deadlines) = {
	{"deadlines come in order, can be moved, cleared, and set anew", in_order},
};
UNIT_COUNT(deadlines)
