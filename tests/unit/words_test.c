/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/words.h"

#include "tests/unit/unit.h"

static void splits(void)
{
	static const struct {
		const char *line;
		const char *words[4];
	} table[] = {
		{"", {NULL}},
		{"  \t ", {NULL}},
		{"echo hi", {"echo", "hi"}},
		{" a  'b c'\t\"d \\\" $e\" ", {"a", "b c", "d \" $e"}},
		{"a'b'\"c\"d\\ e", {"abcd e"}},
		{"'' \"\"", {"", ""}},
		{"\"\\x\" '\\x'", {"\\x", "\\x"}},
	};
	own_arena struct arena a = {0};
	struct err err = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct strings words = {0};
		size_t n = 0;

		UNIT_OK(words_split(table[i].line, &words, &a, &err), &err);
		for (; table[i].words[n]; n++)
			UNIT_STRING(n < words.count ? words.items[n] : NULL, table[i].words[n]);
		CU_ASSERT_EQUAL(words.count, n);
	}
}

static void open_quotes(void)
{
	static const char *const table[] = {"'a", "\"a", "a\\", "\"a\\\"", "x 'y"};
	own_arena struct arena a = {0};
	struct err err = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct strings words = {0};

		CU_ASSERT_EQUAL(words_split(table[i], &words, &a, &err), -E_SYNTAX);
	}
}

UNIT_TESTS(words) = {
	{"a line is split as a shell does", splits},
	{"a quote without its end is an error", open_quotes},
};
UNIT_COUNT(words)
