/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/unit.h"

#include <CUnit/Automated.h>
#include <CUnit/Basic.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

#define MODULES_MAX 64

static struct {
	const char *name;
	const struct unit_test *tests;
	size_t count;
} modules[MODULES_MAX];
static size_t nmodules;

void unit_register(const char *module, const struct unit_test *tests, size_t count)
{
	if (nmodules == MODULES_MAX)
		abort();
	modules[nmodules].name = module;
	modules[nmodules].tests = tests;
	modules[nmodules++].count = count;
}

void unit_string(
	const char *file, int line, const char *what, const char *actual, const char *expected)
{
	char text[600];
	bool same = actual && expected ? strcmp(actual, expected) == 0 : actual == expected;

	snprintf(text, sizeof(text), "%s is \"%.200s\", expected \"%.200s\"", what,
		actual ? actual : "(null)", expected ? expected : "(null)");
	CU_assertImplementation(same, (unsigned)line, text, file, "", CU_FALSE);
}

void unit_ok(const char *file, int line, const char *what, long result, const struct err *err)
{
	char text[800];

	snprintf(text, sizeof(text), "%.200s failed: %s", what, result < 0 ? err->msg : "");
	CU_assertImplementation(result >= 0, (unsigned)line, text, file, "", CU_FALSE);
}

char *unit_read_file(const char *path, size_t *len)
{
	struct err ignored;
	const char *base = getenv("KIST_SOURCE");
	own_mem char *full = NULL;
	struct buf text = {0};

	if (strncmp(path, "shared/", 7) == 0) {
		base = getenv("KIST_SHARED");
		path += 7;
	}
	full = xasprintf("%s/%s", base ? base : ".", path);
	if (io_read_file(AT_FDCWD, full, 64u << 20, &text, &ignored) < 0) {
		buf_release(&text);
		return NULL;
	}
	if (len)
		*len = text.len;
	return buf_give(&text);
}

int main(void)
{
	unsigned failures;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 99;
	for (size_t m = 0; m < nmodules; m++) {
		CU_pSuite suite = CU_add_suite(modules[m].name, NULL, NULL);

		for (size_t i = 0; i < modules[m].count; i++)
			if (!CU_add_test(suite, modules[m].tests[i].name, modules[m].tests[i].run))
				return 99;
	}
	CU_basic_set_mode(CU_BRM_VERBOSE);
	if (CU_basic_run_tests() != CUE_SUCCESS)
		return 99;
	failures = CU_get_number_of_failures();
	/* a table that lost its rows must not pass */
	if (CU_get_number_of_tests_run() == 0)
		failures++;
	CU_cleanup_registry();
	return failures ? 1 : 0;
}
