/* SPDX-License-Identifier: Apache-2.0 */
#include "store/temp_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "lib/path.h"

static bool still_named(int parent, const char *name, int fd)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 && fstatat(parent, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

static int lock(int fd, bool try)
{
	while (flock(fd, LOCK_EX | (try ? LOCK_NB : 0)) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int temp_dir_lock(int parent, const char *name, bool try, struct err *err)
{
	for (;;) {
		own_fd int fd = -1;
		int r;

		if (mkdirat(parent, name, 0700) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make directory '%s'", name);
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue; /* published or collected in between */
		if (fd < 0)
			return err_errno(err, "cannot open directory '%s'", name);
		r = lock(fd, try);
		if (r == -EWOULDBLOCK)
			return err_set(err, E_IN_USE, "another process works on it");
		if (r < 0)
			return err_set(err, -r, "cannot lock '%s': %s", name, strerror(-r));
		if (still_named(parent, name, fd))
			return give_fd(fd);
	}
}

/* Remove one, unless somebody holds it. */
static int collect_one(
	int parent, const char *name, uint64_t *count, uint64_t *bytes, struct err *err)
{
	struct stat st;
	own_fd int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int r;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, "cannot open '%s'", name);
	if (lock(fd, true) < 0 || !still_named(parent, name, fd))
		return 0;
	r = path_remove_tree(parent, name, err);
	if (r < 0)
		return r;
	*count += 1;
	*bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_blocks * 512 : 0;
	return 0;
}

int temp_collect(int parent, const char *prefix, uint64_t *count, uint64_t *bytes, struct err *err)
{
	own_dir DIR *dir = dir_open(parent, ".");
	struct dirent *e;
	int r;

	if (!dir)
		return err_errno(err, "cannot read a directory of the store");
	while ((r = dir_next(dir, &e, err)) > 0)
		if (strncmp(e->d_name, prefix, strlen(prefix)) == 0 &&
			collect_one(parent, e->d_name, count, bytes, err) < 0)
			return -err->code;
	return r;
}
