/* SPDX-License-Identifier: Apache-2.0 */
/* What of the container's root is hidden and what is read-only. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"
#include "runtime/rootfs.h"

#define MASK_DIRECTORY "directory"
#define MASK_FILE      "null"

/* What does not exist on this kernel need not be protected: -1 without an error. */
static int open_existing(struct rootfs *r, const char *path, struct err *err)
{
	struct err why;
	int fd = path_open(r->fd, path, O_PATH, 0, PATH_IN_ROOT, &why);

	if (fd >= 0 || why.code == ENOENT || why.code == ENOTDIR) {
		err->code = 0;
		return fd < 0 ? -1 : fd;
	}
	*err = why;
	return -1;
}

/*
 * What masks are cloned from: a tmpfs of our own with an empty directory and a null device. Nothing
 * of the host's is shown, so that a container that changes mode or owner of a masked path, even
 * after it has mounted it read-write, changes what is its own. Only
 * attached mounts can be cloned (before Linux 6.15): it lies over the host's /proc, in the mount
 * namespace that is the container's, and goes when the host's root goes.
 */
static int make_masks(struct err *err)
{
	const struct mount_options o = {
		.data = {"size=4k", "nr_inodes=3", "mode=755"},
		.ndata = 3,
	};
	const uint64_t closed = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
	own_fd int masks = mount_new("tmpfs", "tmpfs", &o, 0, err), place = -1;

	if (masks < 0)
		return -err->code;
	if (mkdirat(masks, MASK_DIRECTORY, 0755) < 0)
		return err_errno(err, "cannot make an empty directory to mask with");
	/* in a user namespace no device can be made: an empty file hides as well */
	if (mknodat(masks, MASK_FILE, S_IFCHR | 0666, makedev(1, 3)) < 0 &&
		(errno != EPERM || mknodat(masks, MASK_FILE, S_IFREG | 0444, 0) < 0))
		return err_errno(err, "cannot make a file to mask with");
	place = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (place < 0)
		return err_errno(err, "cannot open /proc");
	if (mount_attributes(masks, false, closed, 0, 0, err) < 0 ||
		mount_attach(masks, place, "/proc", err) < 0)
		return -err->code;
	return give_fd(masks);
}

static int mask(struct rootfs *r, const char *path, int masks, struct err *err)
{
	own_fd int place = open_existing(r, path, err), mnt = -1;
	struct stat st, own;

	if (place < 0)
		return -err->code;
	if (fstat(place, &st) < 0 || fstat(masks, &own) < 0)
		return err_errno(err, "cannot look at '%s'", path);
	if (st.st_dev == own.st_dev)
		return 0; /* named twice, or by a link */
	mnt = mount_clone(masks, S_ISDIR(st.st_mode) ? MASK_DIRECTORY : MASK_FILE, false, err);
	return mnt < 0 ? -err->code : mount_attach(mnt, place, path, err);
}

static int make_readonly(struct rootfs *r, const char *path, struct err *err)
{
	own_fd int place = open_existing(r, path, err), mnt = -1;

	if (place < 0)
		return -err->code;
	mnt = mount_clone(place, "", true, err);
	if (mnt < 0 || mount_attributes(mnt, true, MOUNT_ATTR_RDONLY, 0, 0, err) < 0)
		return -err->code;
	return mount_attach(mnt, place, path, err);
}

int rootfs_protect(struct rootfs *r, struct err *err)
{
	const struct strings *readonly = &r->config->linux_->readonly_paths;
	const struct strings *masked = &r->config->linux_->masked_paths;
	own_fd int masks = masked->count ? make_masks(err) : -1;

	if ((masked->count && masks < 0) || rootfs_finish_mounts(r, err) < 0)
		return -err->code;
	for (size_t i = 0; i < readonly->count; i++)
		if (make_readonly(r, readonly->items[i], err) < 0)
			return err_wrap(err, "read-only path '%s'", readonly->items[i]);
	for (size_t i = 0; i < masked->count; i++)
		if (mask(r, masked->items[i], masks, err) < 0)
			return err_wrap(err, "masked path '%s'", masked->items[i]);
	if (!r->config->root.readonly)
		return 0;
	if (mount_attributes(r->fd, false, MOUNT_ATTR_RDONLY, 0, 0, err) < 0)
		return err_wrap(err, "read-only root file system");
	return 0;
}
