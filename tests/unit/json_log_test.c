/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/json_log.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void tail(void)
{
	own_fd int fd = memfd_create("log", 0);
	struct err err = {0};
	char line[32];

	for (int i = 0; i < 20000; i++) {
		int n = snprintf(line, sizeof(line), "%07d\n", i);

		CU_ASSERT_EQUAL(write(fd, line, (size_t)n), n);
	}
	CU_ASSERT_EQUAL(json_log_tail(fd, 0, &err), 160000);
	CU_ASSERT_EQUAL(json_log_tail(fd, 1, &err), 160000 - 8);
	CU_ASSERT_EQUAL(json_log_tail(fd, 15000, &err), 160000 - 15000 * 8);
	CU_ASSERT_EQUAL(json_log_tail(fd, 99999, &err), 0);
}

UNIT_TESTS(json_log) = {
	{"the last lines are found from the end", tail},
};
UNIT_COUNT(json_log)
