/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"

#define OWN_NETNS "/proc/self/ns/net"

bool netns_is_mounted(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == NSFS_MAGIC;
}

bool netns_is_own(const char *path)
{
	struct stat own_one, other;

	return stat(OWN_NETNS, &own_one) == 0 && stat(path, &other) == 0 &&
		own_one.st_dev == other.st_dev && own_one.st_ino == other.st_ino;
}

uint64_t netns_inode(const char *path)
{
	struct stat st;

	return netns_is_mounted(path) && stat(path, &st) == 0 ? st.st_ino : 0;
}

uint64_t netns_inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

bool netns_is_inhabited(uint64_t inode)
{
	own_dir DIR *proc = dir_open(AT_FDCWD, "/proc");
	struct dirent *d;
	struct err ignored;
	int r;

	/* /proc that cannot be read says nothing: then it counts as inhabited */
	if (!proc)
		return true;
	while ((r = dir_next(proc, &d, &ignored)) > 0) {
		own_mem char *path = NULL;
		struct stat st;

		if (d->d_name[0] < '1' || d->d_name[0] > '9')
			continue;
		path = xasprintf("%s/ns/net", d->d_name);
		if (fstatat(dirfd(proc), path, &st, 0) == 0 && st.st_ino == inode)
			return true;
	}
	return r < 0;
}

static int open_own(struct err *err)
{
	int fd = open(OWN_NETNS, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? err_errno(err, "cannot open our own network namespace") : fd;
}

/* An empty file, as a namespace is mounted on; anything else is somebody's. */
static bool is_left_behind(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

static int make_parent(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	own_mem char *dir = slash && slash > path ? xstrndup(path, (size_t)(slash - path)) : NULL;
	own_fd int fd = dir ? path_make_dirs(dir, 0700, err) : 0;

	if (!dir)
		fd = -1;
	return dir && fd < 0 ? fd : 0;
}

/* A file to mount on; what is there already must be one that was left behind: empty. */
static int make_mount_point(const char *path, struct err *err)
{
	own_fd int fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);

	if (fd < 0 && errno == ENOENT) {
		if (make_parent(path, err) < 0)
			return -err->code;
		fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
	}
	if (fd < 0 && errno == EEXIST && is_left_behind(path))
		return 0;
	return fd < 0 ? err_errno(err, "cannot make '%s'", path) : 0;
}

int netns_create(const char *path, struct err *err)
{
	own_fd int home = open_own(err);

	if (home < 0)
		return home;
	if (make_mount_point(path, err) < 0)
		return -err->code;
	if (unshare(CLONE_NEWNET) < 0)
		return err_errno(err, "cannot make a network namespace");
	if (mount(OWN_NETNS, path, NULL, MS_BIND, NULL) < 0) {
		int code = errno;

		setns(home, CLONE_NEWNET);
		unlink(path);
		errno = code;
		return err_errno(err, "cannot mount a network namespace on '%s'", path);
	}
	return give_fd(home);
}

int netns_open(const char *path, struct err *err)
{
	own_fd int home = open_own(err);
	own_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (home < 0)
		return home;
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (setns(fd, CLONE_NEWNET) < 0)
		return err_errno(err, "cannot enter the network namespace '%s'", path);
	return give_fd(home);
}

int netns_enter(int fd, struct err *err)
{
	if (setns(fd, CLONE_NEWNET) < 0)
		return err_errno(err, "cannot go back to our network namespace");
	return 0;
}

int netns_remove(const char *path, struct err *err)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return errno == ENOENT || errno == ENOTDIR
			? 0
			: err_errno(err, "cannot remove '%s'", path);
	if (fs.f_type == NSFS_MAGIC && umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		return err_errno(err, "cannot unmount the network namespace '%s'", path);
	/* what somebody has put there since is none of ours */
	if (!is_left_behind(path))
		return 0;
	if (unlink(path) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove '%s'", path);
	return 0;
}
