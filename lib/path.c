/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/dir.h"
#include "lib/mem.h"
#include "lib/own.h"

#define LINKS_MAX 40 /* as the kernel follows in one path */

static int open_scoped(int rootfd, const char *path, int flags, mode_t mode, unsigned scope)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.mode = flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? mode : 0,
		.resolve = RESOLVE_NO_MAGICLINKS,
	};

	how.resolve |= scope & PATH_BENEATH ? RESOLVE_BENEATH : RESOLVE_IN_ROOT;
	if (scope & PATH_NO_LINKS)
		how.resolve |= RESOLVE_NO_SYMLINKS;
	if (scope & PATH_NO_XDEV)
		how.resolve |= RESOLVE_NO_XDEV;
	for (;;) {
		long fd = syscall(SYS_openat2, rootfd, path, &how, sizeof(how));

		/* EAGAIN: a rename raced with ".." in the path (openat2(2)) */
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			return (int)fd;
	}
}

int path_open(int rootfd, const char *path, int flags, mode_t mode, unsigned scope, struct err *err)
{
	int fd = open_scoped(rootfd, path, flags, mode, scope);

	return fd >= 0 ? fd : err_errno(err, "cannot open '%s'", path);
}

static int make_dirs(int rootfd, const char *path, mode_t mode, unsigned links);

/* The name exists and leads nowhere: make what the link points to, seen from the root. */
static int make_target(
	int dir, int rootfd, const char *prefix, const char *name, mode_t mode, unsigned links)
{
	own_mem char *path = NULL;
	char target[PATH_MAX];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	if (n < 0 || !links) {
		errno = n < 0 ? ENOENT : ELOOP;
		return -1;
	}
	target[n] = '\0';
	path = *target == '/' ? xstrdup(target)
			      : xasprintf("%.*s%s", (int)(name - prefix), prefix, target);
	return make_dirs(rootfd, path, mode, links - 1);
}

/* prefix ends in name, which lies in dir. */
static int make_and_enter(
	int dir, int rootfd, const char *prefix, const char *name, mode_t mode, unsigned links)
{
	int fd = open_scoped(rootfd, prefix, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (mkdirat(dir, name, mode) == 0)
		return open_scoped(rootfd, prefix, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT);
	if (errno != EEXIST)
		return -1;
	fd = open_scoped(rootfd, prefix, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT);
	if (fd >= 0 || errno != ENOENT)
		return fd; /* another has made it meanwhile */
	return make_target(dir, rootfd, prefix, name, mode, links);
}

/* Returns a descriptor, or -1 with errno. */
static int make_dirs(int rootfd, const char *path, mode_t mode, unsigned links)
{
	own_mem char *copy = NULL;
	own_fd int dir = open_scoped(rootfd, path, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT);
	size_t i = 0;

	if (dir >= 0)
		return give_fd(dir);
	if (errno != ENOENT)
		return -1;
	copy = xstrdup(path);
	dir = open_scoped(rootfd, ".", O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT);
	while (dir >= 0 && copy[i]) {
		size_t start = i + strspn(copy + i, "/");
		size_t end = start + strcspn(copy + start, "/");
		char slash = copy[end];
		int next;

		if (start == end)
			break;
		copy[end] = '\0';
		next = make_and_enter(dir, rootfd, copy, copy + start, mode, links);
		copy[end] = slash;
		close(dir);
		dir = next;
		i = end;
	}
	return dir < 0 ? -1 : give_fd(dir);
}

int path_mkdirs(int rootfd, const char *path, mode_t mode, struct err *err)
{
	int dir = make_dirs(rootfd, path, mode, LINKS_MAX);

	return dir >= 0 ? dir : err_errno(err, "cannot make directory '%s'", path);
}

int path_open_parent(int rootfd, const char *path, const char **name, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	char parent[PATH_MAX];
	int fd;

	if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return err_set(err, EINVAL, "'%s' does not name a file", path);
	if ((size_t)(last - path) >= sizeof(parent))
		return err_set(err, ENAMETOOLONG, "path '%.60s...' is too long", path);
	memcpy(parent, path, (size_t)(last - path));
	parent[last - path] = '\0';
	fd = open_scoped(rootfd, *parent ? parent : ".", O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT);
	if (fd < 0)
		return err_errno(err, "cannot open the directory of '%s'", path);
	*name = last;
	return fd;
}

static int open_for_removal(int dirfd, const char *name)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dirfd, name, flags);

	if (fd < 0 && errno == EACCES && fchmodat(dirfd, name, 0700, 0) == 0)
		fd = openat(dirfd, name, flags);
	return fd;
}

/* Remove a file or an empty directory. */
static int remove_name(int dirfd, const char *name)
{
	if (unlinkat(dirfd, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	if (unlinkat(dirfd, name, AT_REMOVEDIR) == 0)
		return 0;
	if (errno == ENOTDIR)
		errno = EPERM; /* a file after all, and immutable */
	return -1;
}

static int remove_one(int top, int dirfd, const char *name);

/*
 * Depth comes from outside (a layer may nest thousands of directories), so there is neither
 * recursion nor a descriptor per level: a directory found inside one is moved up into the top
 * before it is emptied there in its turn.
 */
static int empty_dir(int top, int dirfd)
{
	own_dir DIR *dir = dir_open(dirfd, ".");
	struct dirent *e;
	struct err why;
	int r;

	if (!dir)
		return -1;
	while ((r = dir_next(dir, &e, &why)) > 0)
		if (remove_one(top, dirfd, e->d_name) < 0)
			return -1;
	errno = -r;
	return r < 0 ? -1 : 0;
}

/* Remove a file or empty directory; move a full directory to top under a fresh name. */
static int remove_one(int top, int dirfd, const char *name)
{
	static unsigned long serial;
	char moved[48];

	if (remove_name(dirfd, name) == 0 || errno == ENOENT)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return -1;
	if (top == dirfd)
		return 0; /* already there: the caller's next round empties it */
	snprintf(moved, sizeof(moved), ".rm-%d-%lu", (int)getpid(), serial++);
	if (renameat(dirfd, name, top, moved) == 0)
		return 0;
	if (errno != EACCES || fchmodat(dirfd, name, 0700, 0) < 0)
		return -1;
	return renameat(dirfd, name, top, moved);
}

/* Empty every directory that now lies directly in top. Returns how many there were, or -1. */
static int empty_children(int top)
{
	own_dir DIR *dir = dir_open(top, ".");
	struct dirent *e;
	struct err why;
	int count = 0, r;

	if (!dir)
		return -1;
	while ((r = dir_next(dir, &e, &why)) > 0) {
		own_fd int fd = -1;

		count++;
		if (remove_name(top, e->d_name) == 0 || errno == ENOENT)
			continue;
		if (errno != ENOTEMPTY && errno != EEXIST)
			return -1;
		fd = open_for_removal(top, e->d_name);
		if (fd < 0 && errno == ENOENT)
			continue;
		/* ENOENT: removed by another process meanwhile */
		if (fd < 0 || (empty_dir(top, fd) < 0 && errno != ENOENT))
			return -1;
	}
	errno = -r;
	return r < 0 ? -1 : count;
}

int path_remove_tree(int dirfd, const char *name, struct err *err)
{
	own_fd int top = -1;
	int left;

	if (remove_name(dirfd, name) == 0 || errno == ENOENT)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return err_errno(err, "cannot remove '%s'", name);
	top = open_for_removal(dirfd, name);
	if (top < 0 && errno == ENOENT)
		return 0; /* another process removes it, too */
	if (top < 0)
		return err_errno(err, "cannot remove '%s'", name);
	do {
		left = empty_children(top);
	} while (left > 0);
	if (left >= 0)
		left = unlinkat(dirfd, name, AT_REMOVEDIR);
	if (left < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove '%s'", name);
	return 0;
}

int path_make_dirs(const char *path, mode_t mode, struct err *err)
{
	own_mem char *copy = xstrdup(path);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (char *p = copy + 1; fd < 0 && errno == ENOENT && *copy; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, mode) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make directory '%s'", copy);
		*p = c;
		if (c == '\0') {
			fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
			break;
		}
		errno = ENOENT;
	}
	return fd >= 0 ? fd : err_errno(err, "cannot open directory '%s'", path);
}

char *path_clean(const char *path)
{
	struct buf out = {0};
	int rooted = *path == '/';
	size_t floor = 0; /* out up to here is "/" or leading ".." */

	if (rooted) {
		buf_addc(&out, '/');
		floor = 1;
	}
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 0 || (n == 1 && path[0] == '.')) {
			/* nothing */
		} else if (n == 2 && path[0] == '.' && path[1] == '.' && out.len > floor) {
			while (out.len > floor && out.data[out.len - 1] != '/')
				out.len--;
			if (out.len > floor)
				out.len--;
			out.data[out.len] = '\0';
		} else if (!(n == 2 && path[0] == '.' && path[1] == '.' && rooted)) {
			int up = n == 2 && path[0] == '.' && path[1] == '.';

			if (out.len > (rooted ? 1u : 0u))
				buf_addc(&out, '/');
			buf_add(&out, path, n);
			if (up)
				floor = out.len;
		}
		path += n;
		path += strspn(path, "/");
	}
	if (!out.len)
		buf_addc(&out, '.');
	return buf_give(&out);
}

char *path_absolute(const char *path)
{
	own_mem char *cwd = NULL;
	own_mem char *joined = NULL;

	if (*path == '/')
		return path_clean(path);
	cwd = getcwd(NULL, 0);
	joined = xasprintf("%s/%s", cwd ? cwd : "", path);
	return path_clean(joined);
}
