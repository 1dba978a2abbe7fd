/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/mount_api.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "lib/fs_context.h"
#include "lib/own.h"

#define FSCONFIG_VALUE_MAX 255 /* the kernel's limit for FSCONFIG_SET_STRING */

int mount_clone(int dirfd, const char *path, bool recursive, struct err *err)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
	int fd;

	if (recursive)
		flags |= AT_RECURSIVE;
	if (!*path)
		flags |= AT_EMPTY_PATH;
	fd = open_tree(dirfd, path, flags);
	if (fd < 0 && !*path)
		return err_errno(err, "cannot clone the mount");
	return fd >= 0 ? fd : err_errno(err, "cannot clone the mount of '%s'", path);
}

static int refused(int fs, const char *type, const char *what, struct err *err)
{
	int code = errno;
	char text[FS_CONTEXT_MAX];

	return err_set(err, code, "file system '%s' refuses '%s': %s", type, what,
		fs_context_said(fs, text) ? text : strerror(code));
}

static int configure(int fs, const char *type, const char *option, struct err *err)
{
	const char *equals = strchr(option, '=');
	char key[64];
	int r;

	if (!equals) {
		r = fsconfig(fs, FSCONFIG_SET_FLAG, option, NULL, 0);
	} else {
		size_t n = (size_t)(equals - option);

		if (n >= sizeof(key) || strlen(equals + 1) > FSCONFIG_VALUE_MAX)
			return err_set(err, E_LIMIT,
				"option '%.60s...' of file system '%s' is too long", option, type);
		memcpy(key, option, n);
		key[n] = '\0';
		r = fsconfig(fs, FSCONFIG_SET_STRING, key, equals + 1, 0);
	}
	return r < 0 ? refused(fs, type, option, err) : 0;
}

/* These exist once for all mounts of them, or have to be written after: "ro" is the mount's alone.
 */
static bool read_only_by_mount(const char *type)
{
	static const char *const types[] = {
		"tmpfs", "proc", "sysfs", "mqueue", "devpts", "cgroup", "cgroup2"};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* What fs, of fsopen(2), becomes. */
static int make(int fs, const char *type, const char *source, const struct mount_options *o,
	uint64_t without, struct err *err)
{
	int mnt;

	if (source && *source && fsconfig(fs, FSCONFIG_SET_STRING, "source", source, 0) < 0)
		return refused(fs, type, source, err);
	if ((o->set & MOUNT_ATTR_RDONLY) && !read_only_by_mount(type) &&
		fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL, 0) < 0)
		return refused(fs, type, "ro", err);
	for (unsigned i = 0; i < o->ndata; i++)
		if (configure(fs, type, o->data[i], err) < 0)
			return -err->code;
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return refused(fs, type, "its mount", err);
	mnt = fsmount(fs, FSMOUNT_CLOEXEC, (unsigned)(o->set & ~without));
	return mnt >= 0 ? mnt : err_errno(err, "cannot mount file system '%s'", type);
}

int mount_new(const char *type, const char *source, const struct mount_options *o, uint64_t without,
	struct err *err)
{
	own_fd int fs = fsopen(type, FSOPEN_CLOEXEC);

	if (fs < 0)
		return err_errno(err, "cannot use file system type '%s'", type);
	return make(fs, type, source, o, without, err);
}

int mount_new_proc(int pidns, const char *source, const struct mount_options *o, struct err *err)
{
	own_fd int fs = fsopen("proc", FSOPEN_CLOEXEC);

	if (fs < 0)
		return err_errno(err, "cannot use file system type 'proc'");
	if (fsconfig(fs, FSCONFIG_SET_FD, "pidns", NULL, pidns) < 0)
		return err_set(err, E_UNSUPPORTED,
			"procfs can only be mounted from within its pid namespace");
	return make(fs, "proc", source, o, 0, err);
}

int mount_attributes(int mnt, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation,
	struct err *err)
{
	struct mount_attr attr = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

	if (!set && !clear && !propagation)
		return 0;
	/* a value of the access time field is set only after the whole field was cleared */
	if (set & MOUNT_ATTR__ATIME)
		attr.attr_clr |= MOUNT_ATTR__ATIME;
	if (mount_setattr(mnt, "", flags, &attr, sizeof(attr)) < 0)
		return err_errno(err, "cannot set the attributes of a mount");
	return 0;
}

int mount_attach(int mnt, int place, const char *where, struct err *err)
{
	if (move_mount(mnt, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return err_errno(err, "cannot mount on '%s'", where);
	return 0;
}

int mount_idmap(int mnt, bool recursive, int userns, struct err *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (__u64)userns};
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);

	if (mount_setattr(mnt, "", flags, &attr, sizeof(attr)) < 0)
		return err_errno(
			err, "cannot map the owners of a mount (does its file system allow it?)");
	return 0;
}

long mount_fs_type(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) < 0 ? 0 : (long)fs.f_type;
}
