/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/filter.h"

#include <string.h>

#include "engine/docker/names.h"
#include "engine/docker/signals.h"
#include "lib/own.h"
#include "spec/reference.h"
#include "tests/unit/unit.h"

static const char *const keys[] = {"name", "label", NULL};

static void alternatives(void)
{
	own_strv struct strv texts = {0};
	struct string_pair pairs[] = {{"a", "1"}, {"b", ""}};
	struct string_map labels = {pairs, 2};
	struct filters f;
	struct err err = {0};

	strv_add_many(&texts, "name=web", "name=^/db$", "label=a=1", NULL);
	UNIT_OK(filters_parse(&texts, keys, &f, &err), &err);
	CU_ASSERT_TRUE(filters_match(&f, "name", filter_name, "my-web-1"));
	CU_ASSERT_TRUE(filters_match(&f, "name", filter_name, "db"));
	CU_ASSERT_FALSE(filters_match(&f, "name", filter_name, "db2"));
	CU_ASSERT_TRUE(filters_match(&f, "label", filter_label, &labels));
	CU_ASSERT_TRUE(filters_match(&f, "status", filter_equal, "anything"));
	CU_ASSERT_TRUE(filter_label(&labels, "b"));
	CU_ASSERT_FALSE(filter_label(&labels, "a=2"));
	CU_ASSERT_FALSE(filter_label(&labels, "c"));
}

static void unknown(void)
{
	own_strv struct strv texts = {0}, bad = {0};
	struct filters f;
	struct err err = {0};

	strv_add(&texts, "colour=red");
	CU_ASSERT_TRUE(filters_parse(&texts, keys, &f, &err) < 0);
	UNIT_STRING(err.msg, "invalid filter 'colour'");
	strv_add(&bad, "name");
	CU_ASSERT_TRUE(filters_parse(&bad, keys, &f, &err) < 0);
}

static void names(void)
{
	char name[NAMES_MAX], again[NAMES_MAX];

	for (unsigned seed = 0; seed < 20000; seed += 7) {
		names_generate(seed, name);
		CU_ASSERT_TRUE(name_valid(name));
	}
	names_generate(1, name);
	names_generate(2, again);
	CU_ASSERT_STRING_NOT_EQUAL(name, again);
}

static void signals(void)
{
	CU_ASSERT_EQUAL(signal_parse("KILL"), 9);
	CU_ASSERT_EQUAL(signal_parse("sigterm"), 15);
	CU_ASSERT_EQUAL(signal_parse("1"), 1);
	CU_ASSERT_EQUAL(signal_parse("SIGRTMIN+3"), 37);
	CU_ASSERT_TRUE(signal_parse("SIGNOPE") < 0);
	CU_ASSERT_TRUE(signal_parse("0") < 0);
	CU_ASSERT_TRUE(signal_parse("99") < 0);
	CU_ASSERT_TRUE(signal_parse("") < 0);
}

/* Patterns come over the API, too: one that would take a process's stack or memory is no pattern.
 */
static void affordable(void)
{
	own_mem char *deep = xmalloc(1 << 20);

	memset(deep, '(', 1 << 20);
	deep[(1 << 20) - 1] = '\0';
	CU_ASSERT_FALSE(filter_name("web", deep));
	CU_ASSERT_FALSE(filter_name("web", "((((w{1,255}){255}){255}){255}){255}"));
	CU_ASSERT_FALSE(filter_name("ww", "(w)\\1"));
	CU_ASSERT_FALSE(filter_name("w", "w++++++++++++++++++++++++++++++++++++++++"));
	CU_ASSERT_TRUE(filter_name("web-1", "^[a-z]+-[0-9]+$"));
	CU_ASSERT_TRUE(filter_name("wwweb", "^w{1,3}eb$"));
	CU_ASSERT_TRUE(filter_name("w{x", "w{x"));
}

UNIT_TESTS(filter) = {
	{"values of a key are alternatives, names are regular expressions", alternatives},
	{"a key that the verb does not have is refused", unknown},
	{"generated names are valid and differ", names},
	{"a pattern that would cost too much is taken as it stands", affordable},
	{"signals by name and number", signals},
};
UNIT_COUNT(filter)
