/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static char top[] = "/tmp/kist-path-XXXXXX";
static int root = -1;

static void set_up(void)
{
	if (root < 0 && mkdtemp(top))
		root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_FATAL(root >= 0);
}

static void cleans(void)
{
	static const char *const table[][2] = {
		{"", "."},
		{"/", "/"},
		{"a//b/./c/", "a/b/c"},
		{"../a", "../a"},
		{"a/../..", ".."},
		{"../../x/..", "../.."},
		{"/../a", "/a"},
		{"/a/b/../..", "/"},
		{"a/b/../c", "a/c"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_mem char *clean = path_clean(table[i][0]);

		UNIT_STRING(clean, table[i][1]);
	}
}

static void links_stay_inside(void)
{
	struct err err;
	own_fd int fd = -1;
	struct stat inside, found;

	set_up();
	CU_ASSERT(mkdirat(root, "etc", 0755) == 0);
	CU_ASSERT(symlinkat("/etc", root, "abs") == 0);
	CU_ASSERT(symlinkat("../../../etc", root, "up") == 0);
	fd = path_open(root, "abs", O_PATH, 0, PATH_IN_ROOT, &err);
	UNIT_OK(fd, &err);
	CU_ASSERT(fstatat(root, "etc", &inside, 0) == 0 && fstat(fd, &found) == 0);
	CU_ASSERT(inside.st_ino == found.st_ino && inside.st_dev == found.st_dev);
	CU_ASSERT(path_open(root, "up", O_PATH, 0, PATH_BENEATH, &err) == -EXDEV);
	CU_ASSERT(path_open(root, "abs", O_PATH, 0, PATH_IN_ROOT | PATH_NO_LINKS, &err) == -ELOOP);
}

static void directories_are_made_inside(void)
{
	struct err err;
	own_fd int fd = -1;

	set_up();
	CU_ASSERT(symlinkat("/made", root, "link") == 0);
	CU_ASSERT(mkdirat(root, "made", 0700) == 0);
	fd = path_mkdirs(root, "/link/a/b/../c", 0755, &err);
	UNIT_OK(fd, &err);
	CU_ASSERT(faccessat(root, "made/a/b", F_OK, 0) == 0);
	CU_ASSERT(faccessat(root, "made/a/c", F_OK, 0) == 0);
}

static void targets_of_links_are_made(void)
{
	struct err err;
	own_fd int abs = -1, rel = -1;

	set_up();
	CU_ASSERT(symlinkat("/nowhere", root, "dangling") == 0);
	CU_ASSERT(mkdirat(root, "dir", 0755) == 0);
	CU_ASSERT(symlinkat("../../../x/./y", root, "dir/relative") == 0);
	CU_ASSERT(symlinkat("loop", root, "loop") == 0);
	CU_ASSERT(symlinkat("/b", root, "a") == 0 && symlinkat("/a/x", root, "b") == 0);
	abs = path_mkdirs(root, "/dangling/a", 0755, &err);
	UNIT_OK(abs, &err);
	CU_ASSERT(faccessat(root, "nowhere/a", F_OK, 0) == 0);
	rel = path_mkdirs(root, "dir/relative/z", 0755, &err);
	UNIT_OK(rel, &err);
	CU_ASSERT(faccessat(root, "x/y/z", F_OK, 0) == 0);
	CU_ASSERT(path_mkdirs(root, "loop/x", 0755, &err) == -ELOOP);
	CU_ASSERT(path_mkdirs(root, "a/x", 0755, &err) == -ELOOP);
}

static void parents_are_named(void)
{
	static const char *const bad[] = {"", "/", ".", "a/..", "a/"};
	const char *name = NULL;
	struct err err;

	set_up();
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		CU_ASSERT(path_open_parent(root, bad[i], &name, &err) == -EINVAL);
	own_fd int fd = path_open_parent(root, "etc/passwd", &name, &err);

	UNIT_OK(fd, &err);
	UNIT_STRING(name, "passwd");
}

/* deep enough that a descriptor or a stack frame per level would show */
static void deep_trees_are_removed(void)
{
	struct err err;
	int dir;

	set_up();
	CU_ASSERT(mkdirat(root, "deep", 0755) == 0);
	dir = openat(root, "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < 5000 && dir >= 0; i++) {
		int next;

		CU_ASSERT_FATAL(mkdirat(dir, "d", 0755) == 0);
		close(openat(dir, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
		next = openat(dir, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(dir);
		dir = next;
	}
	CU_ASSERT(dir >= 0);
	close(dir);
	UNIT_OK(path_remove_tree(root, "deep", &err), &err);
	CU_ASSERT(faccessat(root, "deep", F_OK, 0) < 0);
	UNIT_OK(path_remove_tree(root, "deep", &err), &err); /* missing is no error */
}

static void removal_does_not_follow_links(void)
{
	struct err err;

	set_up();
	CU_ASSERT(mkdirat(root, "victim", 0755) == 0);
	CU_ASSERT(mkdirat(root, "victim/kept", 0755) == 0);
	CU_ASSERT(mkdirat(root, "doomed", 0755) == 0);
	CU_ASSERT(symlinkat("../victim", root, "doomed/link") == 0);
	UNIT_OK(path_remove_tree(root, "doomed", &err), &err);
	CU_ASSERT(faccessat(root, "victim/kept", F_OK, 0) == 0);
	/* the last row: leave nothing behind */
	close(root);
	root = -1;
	UNIT_OK(path_remove_tree(AT_FDCWD, top, &err), &err);
}

UNIT_TESTS(path) = {
	{"paths are cleaned as Go's filepath.Clean does", cleans},
	{"absolute and climbing links resolve inside the root", links_stay_inside},
	{"missing directories are made behind links, inside the root", directories_are_made_inside},
	{"of a link that leads nowhere the target is made, inside", targets_of_links_are_made},
	{"a path's parent is opened and its last part named", parents_are_named},
	{"a tree of 5,000 levels is removed with few descriptors", deep_trees_are_removed},
	{"removing a tree does not follow links", removal_does_not_follow_links},
};
UNIT_COUNT(path)
