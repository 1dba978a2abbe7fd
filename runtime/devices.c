/* SPDX-License-Identifier: Apache-2.0 */
/* The container's /dev (runtime-spec, config-linux.md, Default Devices). */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"
#include "runtime/rootfs.h"

static const struct {
	const char *name;
	unsigned major, minor;
} defaults[] = {
	{"null", 1, 3},
	{"zero", 1, 5},
	{"full", 1, 7},
	{"random", 1, 8},
	{"urandom", 1, 9},
	{"tty", 5, 0},
};

static const struct {
	const char *name, *target;
} links[] = {
	{"fd", "/proc/self/fd"},
	{"stdin", "/proc/self/fd/0"},
	{"stdout", "/proc/self/fd/1"},
	{"stderr", "/proc/self/fd/2"},
};

/* With the host's /dev bound there, nothing of it is ours to make. */
static bool dev_is_bound(const struct runtime_config *config)
{
	for (size_t i = 0; i < config->mounts.count; i++) {
		const struct mount_config *m = &config->mounts.items[i];

		if (strcmp(m->destination, "/dev") != 0 && strcmp(m->destination, "/dev/") != 0)
			continue;
		if ((m->type && strcmp(m->type, "bind") == 0) || strings_has(&m->options, "bind") ||
			strings_has(&m->options, "rbind"))
			return true;
	}
	return false;
}

struct node {
	const char *path; /* for messages, and on the host */
	const char *name; /* in dir */
	mode_t mode;      /* with its type */
	dev_t rdev;
	uid_t uid;
	gid_t gid;
};

/*
 * In a user namespace nodes cannot be made: the host's own is bound, if it is the one asked for.
 * Read-only, so that mode and owner of the host's file cannot be changed; devices are written all
 * the same.
 */
static int bind_node(int dir, const struct node *n, struct err *err)
{
	own_fd int mnt = mount_clone(AT_FDCWD, n->path, false, err), place = -1;
	struct stat st;

	if (mnt < 0)
		return err_wrap(err, "device '%s'", n->path);
	if (fstat(mnt, &st) < 0 || (st.st_mode & S_IFMT) != (n->mode & S_IFMT) ||
		st.st_rdev != n->rdev)
		return err_set(
			err, E_DENIED, "the host's '%s' is not the device asked for", n->path);
	if (mount_attributes(mnt, false, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
		    0, 0, err) < 0)
		return -err->code;
	place = openat(
		dir, n->name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	if (place < 0)
		return err_errno(err, "cannot make '%s'", n->path);
	return mount_attach(mnt, place, n->path, err);
}

static int make_node(struct rootfs *r, int dir, const struct node *n, struct err *err)
{
	struct stat st;

	if ((r->namespaces->own_flags & CLONE_NEWUSER) && !S_ISFIFO(n->mode))
		return bind_node(dir, n, err);
	if (mknodat(dir, n->name, n->mode, n->rdev) < 0) {
		if (errno == EPERM)
			return bind_node(dir, n, err);
		if (errno != EEXIST)
			return err_errno(err, "cannot make device '%s'", n->path);
		/* the image has something there: a link would lead writes elsewhere */
		if (fstatat(dir, n->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			(st.st_mode & S_IFMT) != (n->mode & S_IFMT) ||
			(!S_ISFIFO(n->mode) && st.st_rdev != n->rdev))
			return err_set(err, E_EXISTS,
				"'%s' exists in the root file system and is not "
				"the device",
				n->path);
		if (fchmodat(dir, n->name, n->mode & 07777, 0) < 0)
			return err_errno(err, "cannot set the mode of device '%s'", n->path);
	}
	if ((n->uid || n->gid) && fchownat(dir, n->name, n->uid, n->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return err_errno(err, "cannot set the owner of device '%s'", n->path);
	return 0;
}

static int make_configured(struct rootfs *r, const struct device_config *d, struct err *err)
{
	own_mem char *path = path_clean(d->path);
	const char *slash = strrchr(path, '/');
	own_mem char *parent = xstrndup(path, (size_t)(slash - path) + 1);
	struct node n = {.path = path,
		.name = slash + 1,
		.uid = d->uid ? *d->uid : 0,
		.gid = d->gid ? *d->gid : 0,
		.mode = d->file_mode ? *d->file_mode & 07777 : 0666};
	own_fd int dir = -1;

	if (!n.name[0])
		return err_set(err, E_SYNTAX, "linux.devices: '%s' names no file", d->path);
	n.mode |= d->type[0] == 'b' ? S_IFBLK : d->type[0] == 'p' ? S_IFIFO : S_IFCHR;
	n.rdev = makedev((unsigned)d->major, (unsigned)d->minor);
	dir = path_mkdirs(r->fd, parent, 0755, err);
	return dir < 0 ? -err->code : make_node(r, dir, &n, err);
}

static int make_links(int dev, struct err *err)
{
	char target[16];
	ssize_t n;

	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		if (symlinkat(links[i].target, dev, links[i].name) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make the link /dev/%s", links[i].name);
	/* as runc's, where the kernel has one; engines mask what it leads to */
	if (access("/proc/kcore", F_OK) == 0 && symlinkat("/proc/kcore", dev, "core") < 0 &&
		errno != EEXIST)
		return err_errno(err, "cannot make the link /dev/core");
	n = readlinkat(dev, "ptmx", target, sizeof(target));
	if (n == 8 && memcmp(target, "pts/ptmx", 8) == 0)
		return 0;
	/* a node of that name would open the host's terminals */
	if (unlinkat(dev, "ptmx", 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot replace /dev/ptmx");
	if (symlinkat("pts/ptmx", dev, "ptmx") < 0)
		return err_errno(err, "cannot make the link /dev/ptmx");
	return 0;
}

int rootfs_devices(struct rootfs *r, struct err *err)
{
	own_fd int dev = -1;

	if (dev_is_bound(r->config))
		return 0;
	dev = path_mkdirs(r->fd, "/dev", 0755, err);
	if (dev < 0)
		return -err->code;
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
		char path[24] = "/dev/";
		struct node n = {.path = path,
			.name = defaults[i].name,
			.mode = S_IFCHR | 0666,
			.rdev = makedev(defaults[i].major, defaults[i].minor)};

		memcpy(path + 5, n.name, strlen(n.name) + 1);
		if (make_node(r, dev, &n, err) < 0)
			return -err->code;
	}
	for (size_t i = 0; i < r->config->linux_->devices.count; i++)
		if (make_configured(r, &r->config->linux_->devices.items[i], err) < 0)
			return -err->code;
	return make_links(dev, err);
}

int rootfs_console(struct rootfs *r, int slave, struct err *err)
{
	own_fd int mnt = -1, place = rootfs_place(r, "/dev/console", false, false, err);

	if (place < 0)
		return -err->code;
	mnt = mount_clone(slave, "", false, err);
	return mnt < 0 ? -err->code : mount_attach(mnt, place, "/dev/console", err);
}
