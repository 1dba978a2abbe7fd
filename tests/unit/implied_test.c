/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/implied.h"

#include <stdio.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

struct expected {
	const char *const *paths;
	size_t count, seen;
	bool wrong;
};

static int compare(void *arg, const struct implied_directory *d, struct err *err)
{
	struct expected *e = arg;

	if (e->seen < e->count)
		e->wrong = e->wrong || strcmp(d->path, e->paths[e->seen]) != 0 ||
			d->whiteout != (e->seen % 2 == 1);
	e->seen++;
	return e->seen == 100 ? err_set(err, E_LIMIT, "enough") : 0;
}

static void any_name(void)
{
	char every[256] = "";
	const char *const paths[] = {".", "usr/share", "caf\xc3\xa9", "\xff\xfe/deep", "a\nb\tc",
		"quote\"back\\slash", "{\"path\":\"x\"}", every};
	struct expected e = {.paths = paths, .count = ARRAY_LEN(paths)};
	own_buf struct buf list = {0};
	struct err err = {0};

	for (int c = 1; c < 256; c++)
		every[c - 1] = (char)c;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		implied_write(&(struct implied_directory){paths[i], i % 2 == 1}, &list);
	UNIT_OK(implied_read(buf_str(&list), list.len, compare, &e, &err), &err);
	CU_ASSERT_EQUAL(e.seen, ARRAY_LEN(paths));
	CU_ASSERT_FALSE(e.wrong);
}

static void forms(void)
{
	own_buf struct buf list = {0};
	struct err err = {0};
	struct expected e = {0};

	implied_write(&(struct implied_directory){"usr/share", false}, &list);
	implied_write(&(struct implied_directory){"caf\xc3\xa9", true}, &list);
	UNIT_STRING(buf_str(&list),
		"{\"path\":\"usr/share\"}\n{\"path_hex\":\"636166c3a9\",\"whiteout\":true}\n");
	/* without the last line feed, and with what a later version may add */
	UNIT_OK(implied_read("{\"path\":\"a\",\"new\":1}", 20, compare, &e, &err), &err);
	CU_ASSERT_EQUAL(e.seen, 1);
	UNIT_OK(implied_read("", 0, compare, &e, &err), &err);
	CU_ASSERT_EQUAL(e.seen, 1);
}

static void wrong_lines(void)
{
	static const char *const lines[] = {"{}", "[]", "x", "\n", "{\"path\":\"\"}",
		"{\"path\":1}", "{\"path_hex\":\"6\"}", "{\"path_hex\":\"6g\"}",
		"{\"path_hex\":\"00\"}", "{\"path_hex\":\"\"}",
		"{\"path\":\"a\",\"path_hex\":\"61\"}", "{\"path\":\"a\",\"whiteout\":1}"};
	struct expected e = {0};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct err err = {0};

		CU_ASSERT_EQUAL(
			implied_read(lines[i], strlen(lines[i]), compare, &e, &err), -E_SYNTAX);
	}
	CU_ASSERT_EQUAL(e.seen, 0);
	e.seen = 99;
	CU_ASSERT_EQUAL(
		implied_read("{\"path\":\"a\"}\n{", 14, compare, &e, &(struct err){0}), -E_LIMIT);
}

UNIT_TESTS(implied) = {
	{"a directory of any name comes through the list as it was", any_name},
	{"names that are not ASCII are written as digits", forms},
	{"what is no list is refused", wrong_lines},
};
UNIT_COUNT(implied)
