/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/dockerignore.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void excludes(const char *file, const char *path, bool expected)
{
	own_ignore_place struct ignore_place place = {0};
	own_dockerignore struct dockerignore d = {0};
	struct err err = {0};

	UNIT_OK(dockerignore_parse(file, strlen(file), &d, &err), &err);
	ignore_path(&d, path, &place);
	if (ignore_excludes(&place) != expected)
		unit_string(__FILE__, __LINE__, file, path, expected ? "excluded" : "let in");
}

static void names(void)
{
	excludes("a", "a", true);
	excludes("a", "a/b/c", true);
	excludes("a", "b/a", false);
	excludes("a", "ab", false);
	excludes("/a", "a", true);
	excludes("  a/b/../c/ \r\n", "a/c/x", true);
	excludes("./a", "a", true);
	excludes("", "a", false);
	excludes(".", "a", false);
	excludes("#a\n # b", "# b", true);
}

static void wildcards(void)
{
	excludes("*.log", "x.log", true);
	excludes("*.log", "d/x.log", false);
	excludes("*/*.log", "d/x.log", true);
	excludes("**/*.log", "x.log", true);
	excludes("**/*.log", "a/b/x.log", true);
	excludes("a/**", "a/b/c", true);
	excludes("a/**", "a", false);
	excludes("a/**/z", "a/z", true);
	excludes("a/**/z", "a/b/c/z", true);
	excludes("a/**/z", "az", false);
	excludes("**", "anything", true);
	excludes("a?c", "abc", true);
	excludes("a?c", "a/c", false);
	excludes("[a-c]x", "bx", true);
	excludes("[^a-c]x", "bx", false);
	excludes("a\\*", "a*", true);
	excludes("a\\*", "ab", false);
	excludes("한?", "한국", true);
	excludes("**/**/a/**/**/b", "a/b", true);
	excludes("**/**/a/**/**/b", "x/y/a/z/b/c", true);
	excludes("**/**/a/**/**/b", "b/a", false);
	excludes("a**b", "a/x/b", true);
}

static void exceptions(void)
{
	excludes("*.md\n!README.md", "README.md", false);
	excludes("*.md\n!README.md", "OTHER.md", true);
	excludes("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true);
	excludes("d\n!d/keep", "d/keep", false);
	excludes("d\n!d/keep", "d/keep/below", false);
	excludes("d\n!d/keep", "d/other", true);
	excludes("! a", "a", false);
	excludes("**\n!d/e/*", "d/e/f", false);
	excludes("**\n!d/e/*", "d/e", true);
	excludes("d\n!d/a\n!d/b\nd/a\n", "d/a", true);
	excludes("d\n!d/a\n!d/b\nd/a\n", "d/b/x", false);
	excludes("d/a\n!**/a\n", "d/a/x", false);
}

static bool may_include_below(struct dockerignore *d, const char *path)
{
	own_ignore_place struct ignore_place place = {0};

	ignore_path(d, path, &place);
	return ignore_may_include_below(&place, path);
}

static void below(void)
{
	struct err ignored;
	static const char file[] = "d\n!d/e/keep\n!x*/y\n";
	own_dockerignore struct dockerignore d = {0};

	CU_ASSERT_EQUAL(dockerignore_parse(file, strlen(file), &d, &ignored), 0);
	CU_ASSERT(may_include_below(&d, "d"));
	CU_ASSERT(may_include_below(&d, "d/e"));
	CU_ASSERT(!may_include_below(&d, "d/f"));
	CU_ASSERT(!may_include_below(&d, "other"));
	CU_ASSERT(may_include_below(&d, "xx"));
	CU_ASSERT(!may_include_below(&d, "xx/z"));
	CU_ASSERT(!may_include_below(&d, "d/e/keep"));
}

static void mistakes(void)
{
	own_dockerignore struct dockerignore d = {0};
	struct err err;

	CU_ASSERT_EQUAL(dockerignore_parse("a\n[b", 4, &d, &err), -E_SYNTAX);
	UNIT_STRING(err.msg, "line 2: syntax error in pattern '[b'");
	CU_ASSERT_EQUAL(dockerignore_parse("!", 1, &d, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(dockerignore_parse("a\\", 2, &d, &err), -E_SYNTAX);
	CU_ASSERT_EQUAL(dockerignore_parse("[]a]", 4, &d, &err), -E_SYNTAX);
}

static void cost(void)
{
	struct err ignored;
	own_glob struct glob g = {0};
	char path[4001];

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	CU_ASSERT_EQUAL(
		glob_parse("**/*a*a*a*a*a*a*a*a*a*a*a*a*b", GLOB_STAR_STAR, &g, &ignored), 0);
	CU_ASSERT(!glob_match(&g, path, sizeof(path) - 1));
}

UNIT_TESTS(dockerignore) = {
	{"a name excludes itself and all beneath it", names},
	{"wildcards stop at slashes, ** does not", wildcards},
	{"the last rule that matches decides", exceptions},
	{"a walk enters excluded directories only for exceptions", below},
	{"malformed patterns are named with their line", mistakes},
	{"matching takes no exponential time", cost},
};
UNIT_COUNT(dockerignore)
