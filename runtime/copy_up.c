/* SPDX-License-Identifier: Apache-2.0 */
/* "tmpcopyup": the image's directory, copied into the tmpfs that will cover it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/own.h"
#include "runtime/rootfs.h"

#define DEPTH_MAX 128
#define XATTR_MAX (64 * 1024)

static int copy_tree(int from, int to, int depth, struct err *err);

static int failed(const char *name, struct err *err)
{
	return err_errno(err, "cannot copy '%s' into the new tmpfs", name);
}

/* What the tmpfs cannot hold (a security label without its module) does not stop the copy. */
static int copy_xattrs(int from, int to, const char *name, struct err *err)
{
	own_mem char *names = NULL, *value = NULL;
	ssize_t len = flistxattr(from, NULL, 0);

	if (len <= 0)
		return 0;
	names = xmalloc((size_t)len);
	value = xmalloc(XATTR_MAX);
	len = flistxattr(from, names, (size_t)len);
	for (const char *x = names; x < names + len; x += strlen(x) + 1) {
		ssize_t n = fgetxattr(from, x, value, XATTR_MAX);

		if (n >= 0 && fsetxattr(to, x, value, (size_t)n, 0) < 0 && errno != EOPNOTSUPP &&
			errno != EPERM)
			return failed(name, err);
	}
	return 0;
}

static int copy_file(int from, int to, const char *name, const struct stat *st, struct err *err)
{
	own_fd int in = openat(
		from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	own_fd int out = -1;
	int64_t n;

	if (in < 0)
		return failed(name, err);
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0)
		return failed(name, err);
	n = io_copy(in, out, err);
	if (n < 0)
		return err_wrap(err, "cannot copy '%s' into the new tmpfs", name);
	if (fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0)
		return failed(name, err);
	return copy_xattrs(in, out, name, err);
}

static int copy_link(int from, int to, const char *name, const struct stat *st, struct err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from, name, target, sizeof(target) - 1);

	if (n < 0)
		return failed(name, err);
	target[n] = '\0';
	if (symlinkat(target, to, name) < 0 ||
		fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(name, err);
	return 0;
}

static int copy_dir(
	int from, int to, const char *name, const struct stat *st, int depth, struct err *err)
{
	own_fd int in = -1, out = -1;

	if (depth == DEPTH_MAX)
		return err_set(err, E_LIMIT, "tmpcopyup: '%s' lies too deep", name);
	in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (in < 0 || mkdirat(to, name, 0700) < 0)
		return failed(name, err);
	out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (out < 0 || copy_tree(in, out, depth + 1, err) < 0)
		return out < 0 ? failed(name, err) : -err->code;
	if (fchown(out, st->st_uid, st->st_gid) < 0 || fchmod(out, st->st_mode & 07777) < 0)
		return failed(name, err);
	return copy_xattrs(in, out, name, err);
}

static int copy_one(int from, int to, const char *name, int depth, struct err *err)
{
	struct stat st;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(name, err);
	if (S_ISREG(st.st_mode))
		return copy_file(from, to, name, &st, err);
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, name, &st, err);
	if (S_ISDIR(st.st_mode))
		return copy_dir(from, to, name, &st, depth, err);
	/* FIFOs, sockets and devices */
	if (mknodat(to, name, st.st_mode, st.st_rdev) < 0 ||
		fchownat(to, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(name, err);
	return 0;
}

static int copy_tree(int from, int to, int depth, struct err *err)
{
	own_dir DIR *dir = dir_open(from, ".");
	struct dirent *e;
	int r;

	if (!dir)
		return err_errno(err, "cannot read the directory to copy");
	while ((r = dir_next(dir, &e, err)) > 0)
		if (copy_one(from, to, e->d_name, depth, err) < 0)
			return -err->code;
	return r;
}

int copy_up(int from, int to, struct err *err)
{
	return copy_tree(from, to, 0, err);
}
