/* SPDX-License-Identifier: Apache-2.0 */
/* What of the container's root is hidden and what is read-only. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"
#include "runtime/rootfs.h"

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

/* An empty read-only directory; the first one made is cloned for all others. */
static int empty_dir(int *first, struct err *err)
{
	const struct mount_options o = {
		.set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
		.data = {"size=0", "nr_inodes=1", "mode=755"},
		.ndata = 3};

	if (*first >= 0)
		return mount_clone(*first, "", false, err);
	return mount_new("tmpfs", "tmpfs", &o, 0, err);
}

static int mask(struct rootfs *r, const char *path, int *first, struct err *err)
{
	own_fd int place = open_existing(r, path, err), mnt = -1;
	struct stat st;

	if (place < 0)
		return -err->code;
	if (fstat(place, &st) < 0)
		return err_errno(err, "cannot look at '%s'", path);
	if (S_ISDIR(st.st_mode)) {
		mnt = empty_dir(first, err);
	} else {
		int null = rootfs_null(r, err);

		mnt = null < 0 ? null : mount_clone(null, "", false, err);
	}
	if (mnt < 0 || mount_attach(mnt, place, path, err) < 0)
		return -err->code;
	if (S_ISDIR(st.st_mode) && *first < 0)
		*first = give_fd(mnt);
	return 0;
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
	own_fd int first = -1;

	for (size_t i = 0; i < readonly->count; i++)
		if (make_readonly(r, readonly->items[i], err) < 0)
			return err_wrap(err, "read-only path '%s'", readonly->items[i]);
	for (size_t i = 0; i < masked->count; i++)
		if (mask(r, masked->items[i], &first, err) < 0)
			return err_wrap(err, "masked path '%s'", masked->items[i]);
	if (!r->config->root.readonly)
		return 0;
	if (mount_attributes(r->fd, false, MOUNT_ATTR_RDONLY, 0, 0, err) < 0)
		return err_wrap(err, "read-only root file system");
	return 0;
}
