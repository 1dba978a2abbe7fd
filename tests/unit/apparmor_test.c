/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/apparmor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "spec/apparmor.h"
#include "tests/unit/unit.h"

static void mark(void)
{
	const char *end = strstr(apparmor_default_profile, "\n  profile text-");
	uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */
	char name[32];

	CU_ASSERT_PTR_NOT_NULL_FATAL(end);
	for (const char *p = apparmor_default_profile; p < end; p++)
		sum = (sum ^ (unsigned char)*p) * 0x100000001b3;
	snprintf(name, sizeof(name), "text-%016" PRIx64, sum);
	UNIT_STRING(APPARMOR_DEFAULT_MARK, name);
}

static void named(void)
{
	static const char start[] = "profile " APPARMOR_DEFAULT " ";

	CU_ASSERT_EQUAL(strncmp(apparmor_default_profile, start, strlen(start)), 0);
}

UNIT_TESTS(apparmor) = {
	{"the mark of the default profile is of its text", mark},
	{"the default profile is the one that configs ask for", named},
};
UNIT_COUNT(apparmor)
