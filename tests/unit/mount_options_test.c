/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/mount_options.h"

#include <sys/mount.h>

#include "tests/unit/unit.h"

static struct mount_options parse(const char **words, size_t count)
{
	struct strings options = {.items = words, .count = count};
	struct mount_options o;
	struct err err;

	UNIT_OK(mount_options_parse(&options, &o, &err), &err);
	return o;
}

#define PARSE(...)                                                                                 \
	parse((const char *[]){__VA_ARGS__}, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))

static void attributes(void)
{
	struct mount_options o = PARSE("ro", "nosuid", "nodev", "noexec");

	CU_ASSERT_EQUAL(o.set,
		MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	CU_ASSERT_EQUAL(o.ndata, 0);
}

static void last_wins(void)
{
	struct mount_options o = PARSE("ro", "rw", "noatime", "relatime", "strictatime");

	CU_ASSERT_EQUAL(o.set, MOUNT_ATTR_STRICTATIME);
	CU_ASSERT(o.clear & MOUNT_ATTR_RDONLY);
	o = PARSE("rw", "ro");
	CU_ASSERT_EQUAL(o.set, MOUNT_ATTR_RDONLY);
	CU_ASSERT_EQUAL(o.clear, 0);
}

static void recursive(void)
{
	struct mount_options o = PARSE("rbind", "rro", "rnosuid");

	CU_ASSERT(o.bind && o.recursive);
	CU_ASSERT_EQUAL(o.set, 0);
	CU_ASSERT_EQUAL(o.recursive_set, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID);
	o = PARSE("bind", "ro");
	CU_ASSERT(o.bind && !o.recursive);
}

static void propagation(void)
{
	struct mount_options o = PARSE("rprivate");

	CU_ASSERT_EQUAL(o.propagation, MS_PRIVATE);
	CU_ASSERT(o.propagation_recursive);
	o = PARSE("shared");
	CU_ASSERT_EQUAL(o.propagation, MS_SHARED);
	CU_ASSERT(!o.propagation_recursive);
}

static void data(void)
{
	struct mount_options o = PARSE(
		"size=64k", "defaults", "tmpcopyup", "mode=755", "newinstance");

	CU_ASSERT_EQUAL_FATAL(o.ndata, 3);
	UNIT_STRING(o.data[0], "size=64k");
	UNIT_STRING(o.data[2], "newinstance");
	CU_ASSERT(o.copy_up);
}

static void too_many(void)
{
	const char *words[MOUNT_OPTIONS_MAX + 1];
	struct strings options = {.items = words, .count = MOUNT_OPTIONS_MAX + 1};
	struct mount_options o;
	struct err err;

	for (size_t i = 0; i < options.count; i++)
		words[i] = "x=1";
	CU_ASSERT_EQUAL(mount_options_parse(&options, &o, &err), -E_LIMIT);
}

UNIT_TESTS(mount_options) = {
	{"words become attributes of the mount", attributes},
	{"a later word wins over an earlier one", last_wins},
	{"an r in front is for the whole tree", recursive},
	{"propagation is a word of its own", propagation},
	{"everything else is the file system's", data},
	{"more options than the limit are refused", too_many},
};
UNIT_COUNT(mount_options)
