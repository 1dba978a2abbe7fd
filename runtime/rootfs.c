/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"
#include "runtime/opener.h"

#define LINKS_MAX 40 /* as the kernel follows in one path */

void rootfs_release(struct rootfs *r)
{
	for (size_t i = 0; r->prepared && i < r->config->mounts.count; i++)
		own_fd_release(&r->prepared[i]);
	free(r->prepared);
	own_fd_release(&r->fd);
	own_fd_release(&r->proc);
	own_fd_release(&r->opener);
}

static int set_propagation(const struct runtime_config *config, struct err *err)
{
	const char *word = config->linux_->rootfs_propagation;
	struct mount_attr attr = {.propagation = MS_SLAVE};
	bool recursive = true;

	if (word && *word) {
		attr.propagation = mount_propagation(word, &recursive);
		if (!attr.propagation)
			return err_set(
				err, E_SYNTAX, "linux.rootfsPropagation '%s' is unknown", word);
	}
	/* pivot_root(2) refuses a shared parent: sharing begins when the root is in place */
	if (attr.propagation == MS_SHARED || attr.propagation == MS_UNBINDABLE)
		attr.propagation = MS_SLAVE;
	if (mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attr, sizeof(attr)) < 0)
		return err_errno(err, "cannot take the mount namespace off the host's propagation");
	return 0;
}

int rootfs_open_host(struct rootfs *r, int what, const char *path, struct err *err)
{
	int fd = r->opener >= 0 ? opener_open(r->opener, what, err) : -E_CHILD;

	if (fd != -E_CHILD)
		return fd;
	own_fd_release(&r->opener);
	r->opener = -1;
	if (r->bundle < 0)
		return err_set(err, E_DENIED, "cannot open the bundle '%s'", r->bundle_path);
	fd = openat(r->bundle, path, O_PATH | O_CLOEXEC);
	return fd < 0 ? err_errno(err, "cannot open '%s'", path) : fd;
}

int rootfs_open(struct rootfs *r, struct err *err)
{
	const char *path = r->config->root.path;
	own_fd int place = -1;

	if (set_propagation(r->config, err) < 0)
		return -err->code;
	/* a descriptor from before belongs to the mounts of the parent's namespace */
	own_fd_release(&r->bundle);
	r->bundle = open(r->bundle_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->bundle < 0 && r->opener < 0)
		return err_errno(err, "cannot open the bundle '%s'", r->bundle_path);
	place = rootfs_open_host(r, OPENER_ROOT, path, err);
	if (place < 0)
		return err_wrap(err, "root file system '%s'", path);
	r->fd = mount_clone(place, "", true, err);
	if (r->fd < 0 || mount_attach(r->fd, place, path, err) < 0)
		return err_wrap(err, "root file system '%s'", path);
	return 0;
}

/* An empty file; a dangling link on the way leads to a place inside the root, too. */
static int make_file(struct rootfs *r, const char *destination, unsigned links, struct err *err)
{
	const char *slash = strrchr(destination, '/');
	own_mem char *parent = xstrndup(destination, slash ? (size_t)(slash - destination) : 0);
	own_mem char *path = NULL;
	own_fd int dir = -1, file = -1;
	char target[PATH_MAX];
	ssize_t n;

	dir = path_mkdirs(r->fd, *parent ? parent : "/", 0755, err);
	if (dir < 0)
		return -err->code;
	file = path_open(r->fd, destination, O_RDONLY | O_CREAT | O_NONBLOCK | O_NOCTTY, 0644,
		PATH_IN_ROOT, err);
	if (file >= 0)
		return 0;
	if (err->code != ENOENT || !links)
		return -err->code;
	n = readlinkat(dir, slash ? slash + 1 : destination, target, sizeof(target) - 1);
	if (n < 0)
		return -err->code;
	target[n] = '\0';
	path = *target == '/' ? xstrdup(target) : xasprintf("%s/%s", parent, target);
	return make_file(r, path, links - 1, err);
}

int rootfs_place(
	struct rootfs *r, const char *destination, bool directory, bool with_links, struct err *err)
{
	unsigned scope = with_links ? PATH_IN_ROOT : (unsigned)PATH_IN_ROOT | PATH_NO_LINKS;
	struct err missing;
	int fd = path_open(r->fd, destination, O_PATH, 0, scope, &missing);

	if (fd >= 0)
		return fd;
	if (missing.code == ELOOP && !with_links)
		return err_set(err, E_DENIED,
			"'%s' is a symbolic link in the root file system: nothing is mounted there",
			destination);
	if (missing.code != ENOENT)
		return err_set(err, missing.code, "mount destination: %s", missing.msg);
	if (directory)
		return path_mkdirs(r->fd, destination, 0755, err);
	if (make_file(r, destination, LINKS_MAX, err) < 0)
		return -err->code;
	return path_open(r->fd, destination, O_PATH, 0, scope, err);
}

void rootfs_make_directory(struct rootfs *r, const char *path)
{
	struct err why;
	own_fd int there = path_open(r->fd, path, O_PATH, 0, PATH_IN_ROOT, &why), made = -1;

	if (there < 0 && why.code == ENOENT)
		made = path_mkdirs(r->fd, path, 0755, &why);
	(void)made;
}

static int pivot_root_here(struct err *err)
{
	/* the old root lies on top of the new one at "." until it is detached: pivot_root(2) */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return err_errno(err, "cannot make the root file system '/' (pivot_root)");
	if (umount2(".", MNT_DETACH) < 0)
		return err_errno(err, "cannot detach the host's root");
	return 0;
}

static int move_root_here(struct rootfs *r, struct err *err)
{
	if (move_mount(r->fd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0 || chroot(".") < 0)
		return err_errno(err, "cannot make the root file system '/' (--no-pivot)");
	return 0;
}

int rootfs_enter(struct rootfs *r, bool pivot, struct err *err)
{
	const char *word = r->config->linux_->rootfs_propagation;
	struct mount_attr attr = {0};
	bool recursive = false;

	if (fchdir(r->fd) < 0)
		return err_errno(err, "cannot enter the root file system");
	if ((pivot ? pivot_root_here(err) : move_root_here(r, err)) < 0)
		return -err->code;
	if (chdir("/") < 0)
		return err_errno(err, "cannot enter the root file system");
	if (word)
		attr.propagation = mount_propagation(word, &recursive);
	if (attr.propagation != MS_SHARED && attr.propagation != MS_UNBINDABLE)
		return 0;
	if (mount_setattr(AT_FDCWD, "/", recursive ? AT_RECURSIVE : 0, &attr, sizeof(attr)) < 0)
		return err_errno(err, "cannot make the root '%s'", word);
	return 0;
}
