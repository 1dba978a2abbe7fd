/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerfile/substitute.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

/* name, value, name, value, ..., NULL */
static const char *lookup(const void *ctx, const char *name)
{
	for (const char *const *v = ctx; *v; v += 2)
		if (strcmp(v[0], name) == 0)
			return v[1];
	return NULL;
}

static const char *const environment[] = {"PWD", "/home", "SHELL", "bash", "KOREAN", "한국어",
	"NULL", "", "FILE", "a.tar.gz", "PATHS", "/usr/lib/x/lib/y", "STAR", "a*b*c", NULL};

static void check(const char *word, const char *expected)
{
	const struct substitution s = {.escape = '\\', .lookup = lookup, .ctx = environment};
	own_buf struct buf out = {0};
	struct err err = {0};
	int r = substitute_word(&s, word, &out, &err);

	if (expected) {
		UNIT_OK(r, &err);
		UNIT_STRING(buf_str(&out), expected);
	} else if (r >= 0) {
		unit_string(__FILE__, __LINE__, word, buf_str(&out), "an error");
	}
}

static void check_error(const char *word, const char *expected)
{
	const struct substitution s = {.escape = '\\', .lookup = lookup, .ctx = environment};
	own_buf struct buf out = {0};
	struct err err = {0};

	CU_ASSERT_EQUAL(substitute_word(&s, word, &out, &err), -E_SYNTAX);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, expected));
	if (!strstr(err.msg, expected))
		UNIT_STRING(err.msg, expected);
}

static void defaults(void)
{
	check("${X:-000}", "000");
	check("${NULL:-000}", "000");
	check("${NULL-000}", "");
	check("${X-${Y-${PWD}}}", "/home");
	check("${PWD:+set}${NULL:+set}${NULL+null}${X+x}", "setnull");
}

static void required(void)
{
	check("${PWD:?gone}", "/home");
	check("${NULL?gone}", "");
	check_error("${X?}", "X: is not allowed to be unset");
	check_error("${NULL:?}", "NULL: is not allowed to be empty");
	check_error("${X:?give me an X}", "X: give me an X");
}

static void trimming(void)
{
	check("${FILE%.*}", "a.tar");
	check("${FILE%%.*}", "a");
	check("${FILE#*.}", "tar.gz");
	check("${FILE##*.}", "gz");
	check("${FILE#?}", ".tar.gz");
	check("${FILE%nothing}", "a.tar.gz");
	check("${KOREAN#?}", "국어");
	check("${KOREAN%?}", "한국");
	check("${STAR#a\\*}", "b*c");
	check("${STAR%%\\**}", "a");
	check("${X#a}", "");
	check_error("${FILE#\\a}", "invalid escape");
}

static void replacing(void)
{
	check("${PATHS/lib/opt}", "/usr/opt/x/lib/y");
	check("${PATHS//lib/opt}", "/usr/opt/x/opt/y");
	check("${PATHS//\\//-}", "-usr-lib-x-lib-y");
	check("${FILE/.*/}", "a");
	check("${FILE//?/x}", "xxxxxxxx");
	check("${FILE//nothing/x}", "a.tar.gz");
	check("${NULL//*/x}", "x");
	check_error("${PATHS/lib}", "missing '/' in ${}");
	check_error("${PATHS/lib/x", "missing '}'");
}

static void escapes(void)
{
	const struct substitution s = {.escape = '`', .lookup = lookup, .ctx = environment};
	own_buf struct buf out = {0};
	struct err err = {0};

	UNIT_OK(substitute_word(&s, "C:\\x`$PWD\"`$PWD\\\"", &out, &err), &err);
	UNIT_STRING(buf_str(&out), "C:\\x$PWD$PWD\\");
}

static void messages(void)
{
	check_error("it's", "unexpected end of statement while looking for matching single-quote");
	check_error("\"a", "unexpected end of statement while looking for matching double-quote");
	check_error("${PWD", "syntax error: missing '}'");
	check_error("${}", "syntax error: bad substitution");
	check_error("${PWD:=x}", "unsupported modifier (:=) in substitution");
	check_error("${PWD:%x}", "unsupported modifier (:%) in substitution");
}

static void limits(void)
{
	const struct substitution s = {
		.escape = '\\', .lookup = lookup, .ctx = (const char *const[]){"B", NULL, NULL}};
	own_buf struct buf deep = {0}, long_word = {0}, out = {0}, value = {0};
	const char *environ_big[] = {"B", NULL, NULL};
	struct substitution big = s;
	struct err err;

	for (int i = 0; i < 10000; i++)
		buf_adds(&deep, "${a:-");
	CU_ASSERT_EQUAL(substitute_word(&s, buf_str(&deep), &out, &err), -E_LIMIT);

	for (int i = 0; i < 65536; i++)
		buf_addc(&value, 'a');
	for (int i = 0; i < 100; i++)
		buf_adds(&long_word, "$B");
	environ_big[1] = buf_str(&value);
	big.ctx = environ_big;
	buf_reset(&out);
	CU_ASSERT_EQUAL(substitute_word(&big, buf_str(&long_word), &out, &err), -E_LIMIT);

	/* stars against a long value: bounded work instead of minutes */
	buf_reset(&long_word);
	buf_adds(&long_word, "${B//");
	for (int i = 0; i < 2000; i++)
		buf_adds(&long_word, "*a");
	buf_adds(&long_word, "b/x}");
	buf_reset(&out);
	CU_ASSERT_EQUAL(substitute_word(&big, buf_str(&long_word), &out, &err), -E_LIMIT);
}

/* A line of a table: "A|word  |  result", with the operating systems it holds for in front. */
static void table_line(char *line)
{
	char *word, *result, *end;

	if (*line == '#' || !*line || *line == 'W')
		return;
	word = strchr(line, '|') + 1;
	result = strchr(word, '|');
	for (end = result; end > word && end[-1] == ' '; end--)
		;
	*end = '\0';
	result++;
	while (*result == ' ')
		result++;
	check(word, strcmp(result, "error") == 0 ? NULL : result);
}

static void word_table(void)
{
	own_mem char *text = unit_read_file("shared/data/dockerfile/shell/envVarTest", NULL);

	if (!text)
		return;
	for (char *line = text, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
		*lf = '\0';
		table_line(line);
	}
}

static void words_line(char *line, const char **variables, size_t *count)
{
	const struct substitution s = {.escape = '\\', .lookup = lookup, .ctx = variables};
	char *bar = strstr(line, " | "), *end;
	own_strv struct strv words = {0};
	own_buf struct buf joined = {0};
	struct err err;

	if (*line == '#' || !*line)
		return;
	if (strncmp(line, "ENV ", 4) == 0) {
		variables[*count] = line + 4;
		end = strchr(line, '=');
		*end = '\0';
		variables[*count + 1] = end + 1;
		*count += 2;
		return;
	}
	for (end = bar; end > line && end[-1] == ' '; end--)
		;
	*end = '\0';
	if (substitute_words(&s, line, &words, &err) < 0)
		buf_adds(&joined, "error");
	for (size_t i = 0; i < words.count; i++)
		buf_addf(&joined, "%s%s", i ? "," : "", words.items[i]);
	UNIT_STRING(buf_str(&joined), bar + 3);
}

static void words_table(void)
{
	own_mem char *text = unit_read_file("shared/data/dockerfile/shell/wordsTest", NULL);
	const char *variables[64] = {NULL};
	size_t count = 0;

	if (!text)
		return;
	for (char *line = text, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
		*lf = '\0';
		words_line(line, variables, &count);
	}
}

UNIT_TESTS(substitute) = {
	{"defaults and alternatives follow the shell, nested too", defaults},
	{"a required variable gives its message", required},
	{"prefixes and suffixes go, shortest or longest, by characters", trimming},
	{"matches are replaced, the first or all", replacing},
	{"the escape directive's character replaces the backslash", escapes},
	{"mistakes are named in docker's words", messages},
	{"depth, size and work are limited", limits},
	{"every row of the word table gives its result", word_table},
	{"every row of the words table gives its words", words_table},
};
UNIT_COUNT(substitute)
