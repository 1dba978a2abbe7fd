/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/challenge.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

/* Parse one or two values into c; the arena lives as long as the test. */
static int parse(struct arena *a, struct challenge *c, const char *one, const char *two)
{
	own_strv struct strv values = {0};
	struct err err;

	strv_add(&values, one);
	if (two)
		strv_add(&values, two);
	return challenge_parse(&values, c, a, &err);
}

static void bearer(void)
{
	own_arena struct arena a = {0};
	struct challenge c;

	CU_ASSERT_EQUAL(
		parse(&a, &c,
			"Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
			"scope=\"repository:library/alpine:pull,push\",error=\"invalid_token\"",
			NULL),
		0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_BEARER);
	UNIT_STRING(c.realm, "https://auth.docker.io/token");
	UNIT_STRING(c.service, "registry.docker.io");
	UNIT_STRING(c.scope, "repository:library/alpine:pull,push");
	UNIT_STRING(c.error, "invalid_token");
}

static void spelling(void)
{
	own_arena struct arena a = {0};
	struct challenge c;

	CU_ASSERT_EQUAL(
		parse(&a, &c, "bEARER  REALM = \"r\" ,, Service=plain , x=\"a\\\"b\"", NULL), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_BEARER);
	UNIT_STRING(c.realm, "r");
	UNIT_STRING(c.service, "plain");
	CU_ASSERT_PTR_NULL(c.scope);
	CU_ASSERT_EQUAL(parse(&a, &c, "Bearer realm=\"a\\\\b\\\"c\"", NULL), 0);
	UNIT_STRING(c.realm, "a\\b\"c");
}

static void strongest(void)
{
	own_arena struct arena a = {0};
	struct challenge c;

	CU_ASSERT_EQUAL(parse(&a, &c, "Basic realm=\"x\"", "Bearer realm=\"y\""), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_BEARER);
	UNIT_STRING(c.realm, "y");
	CU_ASSERT_EQUAL(
		parse(&a, &c, "Bearer realm=\"y\", Basic realm=\"x\", Negotiate abc==", NULL), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_BEARER);
	UNIT_STRING(c.realm, "y");
	CU_ASSERT_EQUAL(parse(&a, &c, "Negotiate, Digest realm=\"d\", Basic realm=\"b\"", NULL), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_BASIC);
	UNIT_STRING(c.realm, "b");
}

static void none(void)
{
	own_arena struct arena a = {0};
	struct challenge c = {.scheme = CHALLENGE_BASIC};

	CU_ASSERT_EQUAL(parse(&a, &c, "", NULL), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_NONE);
	CU_ASSERT_EQUAL(parse(&a, &c, "Negotiate YWJj==", NULL), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_NONE);
	CU_ASSERT_EQUAL(parse(&a, &c, "Basic", NULL), 0);
	CU_ASSERT_EQUAL(c.scheme, CHALLENGE_BASIC);
}

static void broken(void)
{
	static const char *const values[] = {
		"Bearer realm=\"no end",
		"Bearer realm=\"x\" junk=\"y\"",
		"Bearer realm=",
		"Bearer service=\"x\"",
		"Bearer realm=\"\"",
		"Bearer",
		"=",
		"\"Bearer\" realm=\"x\"",
		"Basic realm=\"x\"; other",
	};
	own_arena struct arena a = {0};
	struct challenge c = {.scheme = CHALLENGE_NONE};

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (parse(&a, &c, values[i], NULL) != -E_SYNTAX)
			CU_FAIL(values[i]);
		CU_ASSERT_EQUAL(c.scheme, CHALLENGE_NONE);
	}
}

UNIT_TESTS(challenge) = {
	{"a Bearer challenge gives realm, service, scope and error", bearer},
	{"case, blanks, empty elements and quoted pairs do not matter", spelling},
	{"of several challenges the strongest that we know is taken", strongest},
	{"schemes we do not know are no challenge", none},
	{"what breaks the grammar is refused, and the result is untouched", broken},
};
UNIT_COUNT(challenge)
