/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unit tests: a file has one table, whose rows are named by sentences; an executable per folder
 * runs all the tables linked into it. CUnit counts and prints.
 */
#ifndef KIST_TESTS_UNIT_H
#define KIST_TESTS_UNIT_H

#include <CUnit/CUnit.h>
#include <stddef.h>

#include "lib/err.h"

struct unit_test {
	const char *name;
	void (*run)(void);
};

void unit_register(const char *module, const struct unit_test *tests, size_t count);

/*
 * UNIT_TESTS(reference) = {
 *	{"a short name gets registry, library and latest", short_name},
 * };
 */
#define UNIT_TESTS(module)                                                                         \
	static const struct unit_test module##_tests[];                                            \
	static void __attribute__((constructor)) module##_register(void);                          \
	static const size_t module##_count;                                                        \
	static void module##_register(void)                                                        \
	{                                                                                          \
		unit_register(#module, module##_tests, module##_count);                            \
	}                                                                                          \
	static const struct unit_test module##_tests[]

/* Stands behind the table: UNIT_TESTS(x) = {...}; UNIT_COUNT(x) */
#define UNIT_COUNT(module)                                                                         \
	static const size_t module##_count = sizeof(module##_tests) / sizeof(module##_tests[0]);

/* Equal strings, and the two in the failure's text. */
#define UNIT_STRING(actual, expected) unit_string(__FILE__, __LINE__, #actual, actual, expected)
void unit_string(
	const char *file, int line, const char *what, const char *actual, const char *expected);

/* A call that must succeed; its message is printed when it does not. */
#define UNIT_OK(call, err) unit_ok(__FILE__, __LINE__, #call, (call), err)
void unit_ok(const char *file, int line, const char *what, long result, const struct err *err);

/* A file of the source tree or, with "shared/...", of $KIST_SHARED; NULL when it is not there. */
char *unit_read_file(const char *path, size_t *len); /* the caller frees */

#endif
