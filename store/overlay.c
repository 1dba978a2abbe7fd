/* SPDX-License-Identifier: Apache-2.0 */
#include "store/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/fs_context.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/userns.h"

#define OPTION_MAX 255 /* fsconfig(2) takes no longer strings */

void overlay_add_lower(struct overlay *o, const char *path, int fd)
{
	o->lowers = xreallocarray(o->lowers, o->count + 1, sizeof(*o->lowers));
	o->lowers[o->count++] = (struct overlay_lower){.path = xstrdup(path), .fd = fd};
}

void overlay_release(struct overlay *o)
{
	for (size_t i = 0; i < o->count; i++) {
		own_fd_release(&o->lowers[i].fd);
		free(o->lowers[i].path);
	}
	free(o->lowers);
	own_fd_release(&o->upper);
	own_fd_release(&o->work);
}

static int context_error(int context, const char *what, struct err *err)
{
	int code = errno;
	char text[FS_CONTEXT_MAX];

	if (fs_context_said(context, text))
		return err_set(err, code, "overlayfs: %s: %s (%s)", what, strerror(code), text);
	return err_errno(err, "overlayfs: %s", what);
}

static int set_string(int context, const char *key, const char *value, struct err *err)
{
	if (fsconfig(context, FSCONFIG_SET_STRING, key, value, 0) < 0)
		return context_error(context, key, err);
	return 0;
}

/* A directory of ours: by its path where that fits and still leads to it, else by descriptor. */
static int set_directory(int context, const char *key, const char *path, int fd, struct err *err)
{
	char magic[40];
	struct stat by_path, by_fd;

	snprintf(magic, sizeof(magic), "/proc/self/fd/%d", fd);
	if (path && strlen(path) <= OPTION_MAX && !strpbrk(path, ",:\\") &&
		stat(path, &by_path) == 0 && fstat(fd, &by_fd) == 0 &&
		by_path.st_ino == by_fd.st_ino && by_path.st_dev == by_fd.st_dev)
		return set_string(context, key, path, err);
	return set_string(context, key, magic, err);
}

/* The path of an open directory, as /proc tells it; NULL when it does not. The caller frees it. */
static char *path_of(int fd)
{
	char magic[40], path[OPTION_MAX + 1];
	ssize_t n;

	snprintf(magic, sizeof(magic), "/proc/self/fd/%d", fd);
	n = readlink(magic, path, sizeof(path));
	return n > 0 && (size_t)n < sizeof(path) ? xstrndup(path, (size_t)n) : NULL;
}

/* Nothing that a layer brings with it may redirect overlayfs to other files of the lower ones. */
static int set_common(int context, const struct overlay *o, struct err *err)
{
	int r = 0;

	if (o->upper >= 0) {
		own_mem char *upper = path_of(o->upper), *work = path_of(o->work);

		r = set_directory(context, "upperdir", upper, o->upper, err);
		if (r == 0)
			r = set_directory(context, "workdir", work, o->work, err);
	}
	if (r == 0)
		r = set_string(context, "redirect_dir", "nofollow", err);
	if (r == 0)
		r = set_string(context, "metacopy", "off", err);
	if (r == 0)
		r = set_string(context, "index", "off", err);
	/* where the marks are in user.overlay.* */
	if (r == 0 && !userns_is_first() &&
		fsconfig(context, FSCONFIG_SET_FLAG, "userxattr", NULL, 0) < 0)
		r = context_error(context, "userxattr", err);
	return r;
}

static int open_context(struct err *err)
{
	int context = fsopen("overlay", FSOPEN_CLOEXEC);

	if (context < 0 && errno == ENODEV)
		return err_set(
			err, E_UNSUPPORTED, "this kernel has no overlayfs (modprobe overlay)");
	return context < 0 ? err_errno(err, "cannot open overlayfs") : context;
}

static int create(int context, const struct overlay *o, struct err *err)
{
	int r = set_common(context, o, err);
	int mount;

	if (r < 0)
		return r;
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return context_error(context, "mount", err);
	mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	return mount < 0 ? context_error(context, "mount", err) : mount;
}

static int mount_each(const struct overlay *o, struct err *err)
{
	own_fd int context = open_context(err);

	if (context < 0)
		return context;
	for (size_t i = 0; i < o->count; i++) {
		int r = set_directory(
			context, "lowerdir+", o->lowers[i].path, o->lowers[i].fd, err);

		if (r < 0)
			return r;
	}
	return create(context, o, err);
}

/* "12:13:14", relative to /proc/self/fd. Returns the directory to stand in. */
static int name_by_descriptor(const struct overlay *o, struct buf *lowers, struct err *err)
{
	int dir;

	for (size_t i = 0; i < o->count; i++)
		buf_addf(lowers, "%s%d", i ? ":" : "", o->lowers[i].fd);
	dir = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? err_errno(err, "cannot open /proc/self/fd") : dir;
}

/*
 * One byte for each, the name of a symbolic link in a tmpfs that is attached nowhere: so 128 fit.
 * Returns the directory to stand in.
 */
static int name_by_link(const struct overlay *o, struct buf *lowers, struct err *err)
{
	own_fd int context = fsopen("tmpfs", FSOPEN_CLOEXEC), dir = -1;
	char name[2] = "", target[40];

	if (o->count > (OPTION_MAX + 1) / 2)
		return err_set(err, E_UNSUPPORTED, "%zu layers need Linux 6.5 or later", o->count);
	if (context < 0 || fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ||
		(dir = fsmount(context, FSMOUNT_CLOEXEC, 0)) < 0)
		return err_errno(err, "cannot make a tmpfs for the names of %zu layers", o->count);
	for (size_t i = 0; i < o->count; i++) {
		do
			name[0]++;
		while (strchr("./,:\\\n", name[0]));
		snprintf(target, sizeof(target), "/proc/self/fd/%d", o->lowers[i].fd);
		if (symlinkat(target, dir, name) < 0)
			return err_errno(err, "cannot name a layer");
		buf_addf(lowers, "%s%s", i ? ":" : "", name);
	}
	return give_fd(dir);
}

static int mount_joined(int dir, const char *lowers, const struct overlay *o, struct err *err)
{
	own_fd int context = open_context(err);
	own_fd int cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (context < 0)
		return context;
	if (cwd < 0 || fchdir(dir) < 0)
		return err_errno(err, "cannot enter the directory of the layers' names");
	r = set_string(context, "lowerdir", lowers, err);
	if (r == 0)
		r = create(context, o, err);
	if (fchdir(cwd) < 0 && r >= 0) {
		close(r);
		return err_errno(err, "cannot return to the current directory");
	}
	return r;
}

/*
 * All in one string, so by the shortest names there are, relative to the current directory; that is
 * a property of the process, so it is changed for this one call.
 */
int overlay_mount_classic(const struct overlay *o, struct err *err)
{
	own_buf struct buf lowers = {0}, links = {0};
	own_fd int dir = name_by_descriptor(o, &lowers, err), tmpfs = -1;

	if (dir < 0 || lowers.len <= OPTION_MAX)
		return dir < 0 ? dir : mount_joined(dir, buf_str(&lowers), o, err);
	tmpfs = name_by_link(o, &links, err);
	return tmpfs < 0 ? tmpfs : mount_joined(tmpfs, buf_str(&links), o, err);
}

/* Only to spare the kernel's log a line for each try: what an older one does is found out below. */
static bool kernel_is_older(unsigned major, unsigned minor)
{
	struct utsname u;
	unsigned a = 0, b = 0;

	return uname(&u) == 0 && sscanf(u.release, "%u.%u", &a, &b) == 2 &&
		(a < major || (a == major && b < minor));
}

int overlay_mount(const struct overlay *o, struct err *err)
{
	int r = kernel_is_older(6, 5) ? -EINVAL : mount_each(o, err);

	/* before 6.5 "lowerdir+" is an unknown option, found out when the mount is made */
	return r == -EINVAL ? overlay_mount_classic(o, err) : r;
}
