/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/digest.h"

#include <string.h>

#include "tests/unit/unit.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void valid(void)
{
	struct digest d, e;
	struct err err = {0};

	UNIT_OK(digest_parse("sha256:" HEX, &d, &err), &err);
	UNIT_STRING(d.text, "sha256:" HEX);
	UNIT_STRING(digest_hex(&d), HEX);
	e = digest_from_hex(HEX);
	CU_ASSERT_TRUE(digest_equal(&d, &e));
	e.text[70] = '0';
	CU_ASSERT_FALSE(digest_equal(&d, &e));
}

static void names_no_other_file(void)
{
	static const char *const table[] = {"", "sha256:", "sha256:../../x", HEX, "sha256:" HEX "0",
		"sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
		"sha1:0123456789abcdef0123456789abcdef01234567", "SHA256:" HEX, " sha256:" HEX,
		"sha256:" HEX "\n",
		"sha256:../456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0"};
	struct digest d = {"unchanged"};
	struct err err = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		CU_ASSERT_EQUAL(digest_parse(table[i], &d, &err), -E_SYNTAX);
	UNIT_STRING(d.text, "unchanged");
}

static void other_algorithm(void)
{
	struct digest d;
	struct err err = {0};

	CU_ASSERT_EQUAL(digest_parse("sha512:" HEX HEX, &d, &err), -E_UNSUPPORTED);
	CU_ASSERT_EQUAL(digest_parse("sha512:" HEX, &d, &err), -E_SYNTAX);
}

UNIT_TESTS(digest) = {
	{"sha256 with 64 lower-case hex digits is a digest", valid},
	{"nothing that could name another file is one", names_no_other_file},
	{"sha512 is known, and not supported", other_algorithm},
};
UNIT_COUNT(digest)
