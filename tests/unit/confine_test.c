/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

/* In a child: what a confined program can still do. Returns the number of the first surprise. */
static int try_everything(const char *inside, const char *outside)
{
	own_strv struct strv writable = {0};
	own_mem char *in = xasprintf("%s/file", inside), *out = xasprintf("%s/file", outside);
	struct err err;
	int fd;

	strv_add(&writable, inside);
	if (confine(&writable, &err) < 0)
		return 1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	fd = open(in, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || unlink(in) < 0)
		return 3;
	if (open(out, O_WRONLY | O_CREAT, 0600) >= 0 || errno != EACCES)
		return 4;
	if (open(outside, O_RDONLY | O_DIRECTORY) < 0)
		return 5;
	execl("/bin/true", "true", NULL);
	return errno == EACCES ? 0 : 6;
}

static void confined(void)
{
	char inside[] = "/tmp/kist-unit-XXXXXX", outside[] = "/tmp/kist-unit-XXXXXX";
	int status;
	pid_t pid;

	/* without Landlock there is nothing to see */
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1)
		return;
	CU_ASSERT_FATAL(mkdtemp(inside) && mkdtemp(outside));
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(try_everything(inside, outside));
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT_TRUE(WIFEXITED(status));
	CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
	rmdir(inside);
	rmdir(outside);
}

static void missing(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		own_strv struct strv writable = {0};
		struct err err;

		strv_add(&writable, "/nonexistent/directory");
		_exit(confine(&writable, &err) == -ENOENT ? 0 : 1);
	}
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1)
		CU_ASSERT_EQUAL(status, 0);
}

UNIT_TESTS(confine) = {
	{"a confined program writes in its directories only and executes nothing", confined},
	{"a directory that is not there is an error, not silence", missing},
};
UNIT_COUNT(confine)
