/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static bool is_wanted(const char *name)
{
	return *name == 'w';
}

static void names(void)
{
	char top[] = "/tmp/kist-dir-XXXXXX";
	own_strv struct strv all = {0}, some = {0};
	own_fd int dir = -1;
	struct err err;

	CU_ASSERT_FATAL(mkdtemp(top) != NULL);
	dir = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_FATAL(dir >= 0);
	CU_ASSERT(mkdirat(dir, "wide", 0700) == 0 && mkdirat(dir, ".hidden", 0700) == 0);
	CU_ASSERT(symlinkat("wide", dir, "link") == 0);
	CU_ASSERT(dir_names(dir, ".", NULL, &all, &err) == 0);
	CU_ASSERT(all.count == 3);
	CU_ASSERT(dir_names(dir, ".", is_wanted, &some, &err) == 0);
	CU_ASSERT(some.count == 1 && strcmp(some.items[0], "wide") == 0);
	CU_ASSERT(dir_names(dir, "wide", NULL, &some, &err) == 0);
	CU_ASSERT(some.count == 1);
	CU_ASSERT(dir_names(dir, "missing", NULL, &some, &err) == -ENOENT);
	CU_ASSERT(strstr(err.msg, "'missing'") != NULL);
	CU_ASSERT(dir_names(dir, "link", NULL, &some, &err) == -ENOTDIR || err.code == ELOOP);
	unlinkat(dir, "link", 0);
	unlinkat(dir, "wide", AT_REMOVEDIR);
	unlinkat(dir, ".hidden", AT_REMOVEDIR);
	rmdir(top);
}

/* The descriptor goes behind the stream's back: the read fails, where readdir(3) gives NULL. */
static void failure_is_not_the_end(void)
{
	own_dir DIR *dir = dir_open(AT_FDCWD, "/proc");
	struct dirent *e;
	struct err err;

	CU_ASSERT_FATAL(dir != NULL);
	close(dirfd(dir));
	CU_ASSERT(dir_next(dir, &e, &err) == -EBADF);
	CU_ASSERT(err.code == EBADF && strstr(err.msg, "cannot read a directory") != NULL);
}

UNIT_TESTS(dir) = {
	{"names of a directory, all or some; a missing one and a link are errors", names},
	{"a read that fails is no end", failure_is_not_the_end},
};
UNIT_COUNT(dir)
