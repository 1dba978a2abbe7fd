/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/place.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

/* What place_find() says with these variables, for root or for user 1000. */
static void found(const char *root, const char *const *variables, const char *expected_root,
	const char *expected_run)
{
	own_place struct place p = {0};
	struct err err;

	clearenv();
	for (; *variables; variables += 2)
		setenv(variables[0], variables[1], 1);
	UNIT_OK(place_find(root, NULL, &p, &err), &err);
	UNIT_STRING(p.root, expected_root);
	UNIT_STRING(p.run, expected_run);
	UNIT_STRING(p.cgroup_parent, "/kist");
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void named(void)
{
	own_place struct place p = {0};
	struct err err;

	found("/opt", WORDS("KIST_RUN", "/r", "KIST_ROOT", "/x"), "/opt", "/r");
	found("", WORDS("KIST_RUN", "/r", "KIST_ROOT", "/x"), "/x", "/r");
	CU_ASSERT_EQUAL_FATAL(chdir("/usr"), 0);
	found("a", WORDS("KIST_RUN", "b"), "/usr/a", "/usr/b");
	CU_ASSERT_EQUAL(place_find("/r", "/s", &p, &err), 0);
	UNIT_STRING(p.run, "/s");
}

static void as_user(void)
{
	own_place struct place p = {0};
	struct err err;

	found(NULL, WORDS("HOME", "/home/u", "KIST_RUN", ""), "/home/u/.local/share/kist",
		"/run/user/1000/kist");
	found(NULL, WORDS("HOME", "/home/u", "XDG_DATA_HOME", "/d", "XDG_RUNTIME_DIR", "/r"),
		"/d/kist", "/r/kist");
	found(NULL, WORDS("HOME", "/home/u", "XDG_DATA_HOME", "relative"),
		"/home/u/.local/share/kist", "/run/user/1000/kist");
	clearenv();
	CU_ASSERT(place_find(NULL, NULL, &p, &err) < 0);
	UNIT_STRING(err.msg, "cannot tell where images and containers are: set HOME or KIST_ROOT");
}

/* In a child: who we are, the environment and the directory are the process's. */
static void in_child(void (*check)(void), bool user)
{
	unsigned before = CU_get_number_of_failures();
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (user && geteuid() == 0 && setresuid(1000, 1000, 1000) < 0)
			_exit(2);
		check();
		_exit(CU_get_number_of_failures() != before);
	}
	CU_ASSERT(waitpid(pid, &status, 0) == pid);
	CU_ASSERT_EQUAL(status, 0);
}

static void names_of_root(void)
{
	if (geteuid() == 0)
		found(NULL, WORDS("HOME", "/root", "XDG_DATA_HOME", "/d", "XDG_RUNTIME_DIR", "/r"),
			"/var/lib/kist", "/run/kist");
}

static void what_is_named(void)
{
	in_child(named, false);
}

static void of_root(void)
{
	in_child(names_of_root, false);
}

static void of_users(void)
{
	if (geteuid() == 0 || geteuid() == 1000)
		in_child(as_user, true);
}

UNIT_TESTS(place) = {
	{"options and variables name the trees", what_is_named},
	{"root's are in /var/lib and /run, whatever XDG says", of_root},
	{"a user's are where XDG says", of_users},
};
UNIT_COUNT(place)
