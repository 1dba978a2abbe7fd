/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_root.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/userns.h"

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)

static int write_map(const char *path, const char *text, struct err *err)
{
	own_fd int fd = open(path, O_WRONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : io_write_full(fd, text, strlen(text));

	if (r == 0)
		return 0;
	errno = -r;
	return err_errno(err, "cannot write '%s'", path);
}

/* Without root: we become root of a namespace in which only our own ids exist. */
static int enter_user_namespace(struct err *err)
{
	const unsigned uid = geteuid(), gid = getegid();
	char uids[32], gids[32];

	if (unshare(CLONE_NEWUSER | NAMESPACES) < 0)
		return err_errno(err,
			"cannot make a user namespace to unpack in (needed without "
			"root; is kernel.unprivileged_userns_clone on?)");
	snprintf(uids, sizeof(uids), "0 %u 1", uid);
	snprintf(gids, sizeof(gids), "0 %u 1", gid);
	if (write_map("/proc/self/setgroups", "deny", err) < 0 ||
		write_map("/proc/self/uid_map", uids, err) < 0 ||
		write_map("/proc/self/gid_map", gids, err) < 0)
		return -err->code;
	return 0;
}

/*
 * Turn the mount tree around, so that the current directory is all there is: unshare(2) moves that
 * one into the new mount namespace with us, a descriptor it does not. Fails with errno.
 */
static int pivot_into_current(void)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC};
	own_fd int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	own_fd int tree = -1;

	if (old < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	tree = open_tree(AT_FDCWD, ".", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (tree < 0)
		return -1;
	/* from 5.12; without it the filter is what keeps us from using devices and programs */
	if (mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)) < 0 &&
		errno != ENOSYS)
		return -1;
	if (move_mount(tree, "", AT_FDCWD, ".", MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -1;
	/* both roots then lie on "/": which one "." is must be said */
	if (fchdir(tree) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || fchdir(old) < 0 ||
		umount2(".", MNT_DETACH) < 0)
		return -1;
	return chdir("/");
}

static int chroot_into_current(void)
{
	return chroot(".") < 0 || chdir("/") < 0 ? -1 : 0;
}

static int enter_root(int dir, struct layer_root *s, struct err *err)
{
	const bool root = geteuid() == 0;
	const bool first = userns_is_first();

	if (fchdir(dir) < 0)
		return err_errno(err, "cannot enter the directory");
	s->owners = root && (first || !userns_is_narrow());
	s->devices = root && first;
	s->user_xattrs = !(root && first);
	if (!root) {
		if (enter_user_namespace(err) < 0)
			return -err->code;
		return pivot_into_current() < 0 ? err_errno(err, "cannot enter the directory") : 0;
	}
	/* EPERM: root in a container without CAP_SYS_ADMIN; EINVAL: the host's root is a ramfs */
	if (unshare(NAMESPACES) == 0 && pivot_into_current() == 0)
		return 0;
	if (errno != EPERM && errno != ENOSYS && errno != EINVAL)
		return err_errno(err, "cannot enter the directory");
	if (fchdir(dir) < 0)
		return err_errno(err, "cannot enter the directory");
	return chroot_into_current() < 0 ? err_errno(err, "cannot enter the directory") : 0;
}

static int compare_ints(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* A directory of the host that a caller left open would lead around everything else. */
static int close_others(const int *keep, int nkeep, struct err *err)
{
	unsigned from = 3;
	int sorted[16] = {0};

	for (int i = 0; i < nkeep; i++)
		sorted[i] = keep[i];
	qsort(sorted, (size_t)nkeep, sizeof(*sorted), compare_ints);
	for (int i = 0; i <= nkeep; i++) {
		unsigned next = i < nkeep ? (unsigned)sorted[i] : ~0u;

		if (next < from)
			continue;
		if (next > from && close_range(from, next - (i < nkeep), 0) < 0)
			return err_errno(err, "cannot close inherited descriptors");
		from = next + 1;
	}
	return 0;
}

int layer_root_enter(
	int dir, const int *keep, int nkeep, struct layer_root *entered, struct err *err)
{
	struct layer_root r = {0};

	if (enter_root(dir, &r, err) < 0 || close_others(keep, nkeep, err) < 0)
		return -err->code;
	r.fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r.fd < 0)
		return err_errno(err, "cannot open the directory");
	*entered = r;
	return 0;
}
