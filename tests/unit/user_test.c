/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/user.h"

#include <string.h>

#include "tests/unit/unit.h"

static const char passwd[] = "root:x:0:0:root:/root:/bin/sh\n"
			     "no colons here\n"
			     "short:x:5\n"
			     "letters:x:12a:5::/x:/bin/sh\n"
			     "huge:x:4294967296:0::/x:/bin/sh\n"
			     "minus:x:-1:0::/x:/bin/sh\n"
			     "unchanged:x:4294967295:0::/x:/bin/sh\n"
			     ":x:7:7::/x:/bin/sh\n"
			     "\n"
			     "# comment\n"
			     "app:x:1000:1001:A, B:/home/app:/bin/sh\n"
			     "homeless:x:1002:1002:::\n"
			     "100:x:55:56::/digits:/bin/sh\n"
			     "last:x:9:8::/last:/bin/sh";
static const char group[] = "root:x:0:\nwheel:x:10:root,app\nbad\nvideo:x:44:other,app\n"
			    "appgroup:x:1001:app\nhuge:x:99999999999:app\nnomembers:x:60\n"
			    "prefix:x:61:apple,ap\n100:x:77:";

static const struct user_files files = {passwd, group, sizeof(passwd) - 1, sizeof(group) - 1};

static void check_gids(const struct user *u, const uint32_t *gids, size_t count)
{
	CU_ASSERT_EQUAL(u->additional_gids.count, count);
	for (size_t i = 0; i < count && i < u->additional_gids.count; i++)
		CU_ASSERT_EQUAL(u->additional_gids.items[i], gids[i]);
}

static void found(void)
{
	static const struct {
		const char *what;
		uint32_t uid, gid;
		const char *home;
		uint32_t gids[4];
		size_t ngids;
	} table[] = {
		{NULL, 0, 0, "/root", {0, 10}, 2},
		{"", 0, 0, "/root", {0, 10}, 2},
		{"root", 0, 0, "/root", {0, 10}, 2},
		{"app", 1000, 1001, "/home/app", {1001, 10, 44}, 3},
		{"1000", 1000, 1001, "/home/app", {1001, 10, 44}, 3},
		{"app:video", 1000, 44, "/home/app", {44}, 1},
		{"app:55", 1000, 55, "/home/app", {55}, 1},
		{"app:", 1000, 1001, "/home/app", {1001, 10, 44}, 3},
		{"2000", 2000, 0, "/", {0}, 1},
		{"2000:3000", 2000, 3000, "/", {3000}, 1},
		{":44", 0, 44, "/root", {44}, 1},
		{"homeless", 1002, 1002, "/", {1002}, 1},
		/* a number is an id, also where a user or a group is called so */
		{"100", 100, 0, "/", {0}, 1},
		{"55", 55, 56, "/digits", {56}, 1},
		{"last", 9, 8, "/last", {8}, 1},
		{"2147483647", 2147483647, 0, "/", {0}, 1},
		{"app:100", 1000, 100, "/home/app", {100}, 1},
	};
	own_arena struct arena a = {0};
	struct user u;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		UNIT_OK(user_lookup(&files, table[i].what, &u, &a, &err), &err);
		CU_ASSERT_EQUAL(u.uid, table[i].uid);
		CU_ASSERT_EQUAL(u.gid, table[i].gid);
		UNIT_STRING(u.home, table[i].home);
		check_gids(&u, table[i].gids, table[i].ngids);
	}
}

static void refused(void)
{
	static const struct {
		const char *what, *message;
		int code;
	} table[] = {
		{"nobody", "unable to find user nobody: no matching entries in passwd file",
			E_NOT_FOUND},
		{"short", "unable to find user short", E_NOT_FOUND},
		{"letters", "unable to find user letters", E_NOT_FOUND},
		{"huge", "unable to find user huge", E_NOT_FOUND},
		{"minus", "unable to find user minus", E_NOT_FOUND},
		{"unchanged", "unable to find user unchanged", E_NOT_FOUND},
		{"-1", "unable to find user -1", E_NOT_FOUND},
		{"app:nogroup", "unable to find group nogroup: no matching entries in group file",
			E_NOT_FOUND},
		{"app:huge", "unable to find group huge", E_NOT_FOUND},
		{"4294967296", "uids and gids must be in range 0-2147483647", E_SYNTAX},
		{"4294967295", "uids and gids must be in range 0-2147483647", E_SYNTAX},
		{"2147483648", "uids and gids must be in range 0-2147483647", E_SYNTAX},
		{"99999999999999999999", "uids and gids must be in range 0-2147483647", E_SYNTAX},
		{"0:4294967296", "uids and gids must be in range 0-2147483647", E_SYNTAX},
	};
	own_arena struct arena a = {0};
	struct user u;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		CU_ASSERT_EQUAL(user_lookup(&files, table[i].what, &u, &a, &err), -table[i].code);
		if (strncmp(err.msg, table[i].message, strlen(table[i].message)) != 0)
			UNIT_STRING(err.msg, table[i].message);
	}
}

static void more_groups(void)
{
	const char *names[] = {"wheel", "44", "nomembers", "1001", "5000"};
	const struct strings groups = {names, 5};
	static const uint32_t all[] = {1001, 10, 44, 60, 5000};
	static const uint32_t before[] = {1001, 10, 44};
	own_arena struct arena a = {0};
	struct user u, v;
	struct err err = {0};

	UNIT_OK(user_lookup(&files, "app", &u, &a, &err), &err);
	v = u;
	UNIT_OK(user_add_groups(&files, &groups, &u, &a, &err), &err);
	check_gids(&u, all, 5);
	check_gids(&v, before, 3);
	names[4] = "nosuch";
	CU_ASSERT_EQUAL(user_add_groups(&files, &groups, &v, &a, &err), -E_NOT_FOUND);
	check_gids(&v, before, 3);
}

static void without_files(void)
{
	static const struct user_files none;
	own_arena struct arena a = {0};
	struct user u;
	struct err err = {0};

	UNIT_OK(user_lookup(&none, NULL, &u, &a, &err), &err);
	CU_ASSERT_EQUAL(u.uid, 0);
	UNIT_STRING(u.home, "/");
	UNIT_OK(user_lookup(&none, "7:8", &u, &a, &err), &err);
	CU_ASSERT_EQUAL(u.gid, 8);
	CU_ASSERT_EQUAL(user_lookup(&none, "app", &u, &a, &err), -E_NOT_FOUND);
}

static void nul_bytes(void)
{
	static const char odd[] = "a\0b:x:1:2::/h:/s\nok:x:3:4::/ok:/s\n\0";
	const struct user_files f = {.passwd = odd, .passwd_len = sizeof(odd)};
	own_arena struct arena a = {0};
	struct user u;
	struct err err = {0};

	UNIT_OK(user_lookup(&f, "ok", &u, &a, &err), &err);
	CU_ASSERT_EQUAL(u.uid, 3);
	CU_ASSERT_EQUAL(user_lookup(&f, "a", &u, &a, &err), -E_NOT_FOUND);
}

UNIT_TESTS(user) = {
	{"users and groups are found by name and by number", found},
	{"unknown names and numbers out of range are refused in docker's words", refused},
	{"groups are added once each", more_groups},
	{"without files numbers do", without_files},
	{"NUL bytes in a file are bytes of a name", nul_bytes},
};
UNIT_COUNT(user)
