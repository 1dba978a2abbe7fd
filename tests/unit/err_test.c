/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/err.h"

#include <errno.h>

#include "tests/unit/unit.h"

static void control_characters(void)
{
	struct err err;

	CU_ASSERT(err_set(&err, E_SYNTAX, "name '%s'", "a\033]0;x\007\n\xc2\x9b") == -E_SYNTAX);
	UNIT_STRING(err.msg, "name 'a\\x1b]0;x\\x07\\x0a\\xc2\\x9b'");
}

static void text_directions(void)
{
	struct err err;

	err_set(&err, E_SYNTAX, "%s",
		"a\xe2\x80\xae"
		"b\xe2\x81\xa6"
		"c");
	UNIT_STRING(err.msg, "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6c");
	/* neighbours: a zero-width joiner, an ellipsis, the euro sign, half a character */
	err_set(&err, E_SYNTAX, "%s", "\xe2\x80\x8d\xe2\x80\xa6\xe2\x82\xac\xe2");
	UNIT_STRING(err.msg, "\xe2\x80\x8d\xe2\x80\xa6\xe2\x82\xac\xe2");
}

static void wrapping(void)
{
	struct err err;

	err_set(&err, ENOSPC, "no space");
	CU_ASSERT(err_wrap(&err, "cannot pull '%s'", "x:1") == -ENOSPC);
	UNIT_STRING(err.msg, "cannot pull 'x:1': no space");
}

static void its_own_text(void)
{
	struct err err;

	err_set(&err, EIO, "inner");
	err_set(&err, EIO, "outer: %s", err.msg);
	UNIT_STRING(err.msg, "outer: inner");
}

static void statuses(void)
{
	static const int table[][2] = {
		{0, 0},
		{EIO, 1},
		{E_USAGE, 2},
		{ENOENT, 3},
		{E_MANIFEST_UNKNOWN, 3},
		{E_EXISTS, 4},
		{E_IN_USE, 4},
		{EACCES, 5},
		{E_DENIED, 5},
		{E_COMMAND_NOT_EXECUTABLE, 126},
		{E_COMMAND_NOT_FOUND, 127},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct err err = {.code = table[i][0]};

		CU_ASSERT_EQUAL(err_status(&err), table[i][1]);
	}
}

UNIT_TESTS(err) = {
	{"control characters in a message are escaped", control_characters},
	{"characters that turn the direction of text are not written raw", text_directions},
	{"context goes in front", wrapping},
	{"a message may be made from itself", its_own_text},
	{"each code has its exit status", statuses},
};
UNIT_COUNT(err)
