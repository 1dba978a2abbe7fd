/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mounts of type "cgroup": what the container sees of its control groups. With a cgroup namespace
 * the file systems are mounted anew and begin at its root; without, its directories are bound.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "runtime/mount_api.h"
#include "runtime/mount_options.h"
#include "runtime/rootfs.h"

/* A detached mount of one hierarchy, or E_NOT_FOUND when the container has no directory there. */
static int hierarchy_mount(
	struct rootfs *r, const struct cgroup_hierarchy *h, uint64_t attributes, struct err *err)
{
	struct mount_options o = {.set = attributes & ~(uint64_t)MOUNT_ATTR_RDONLY};
	char named[80];
	own_mem char *names = NULL;
	int mnt;

	if (!(r->namespaces->own_flags & CLONE_NEWCGROUP)) {
		mnt = mount_clone(AT_FDCWD, h->dir, true, err);
		return mnt < 0 && err->code == ENOENT ? -E_NOT_FOUND : mnt;
	}
	if (h->v2)
		return mount_new("cgroup2", "cgroup", &o, 0, err);
	names = xstrdup(h->name);
	if (strcmp(h->name, "systemd") == 0) {
		o.data[o.ndata++] = "none";
		snprintf(named, sizeof(named), "name=%s", h->name);
		o.data[o.ndata++] = named;
		return mount_new("cgroup", "cgroup", &o, 0, err);
	}
	for (char *save = NULL, *n = strtok_r(names, ",", &save); n; n = strtok_r(NULL, ",", &save))
		if (o.ndata < MOUNT_OPTIONS_MAX)
			o.data[o.ndata++] = n;
	return mount_new("cgroup", "cgroup", &o, 0, err);
}

/* "cpu" and "cpuacct" lead to "cpu,cpuacct". */
static int link_names(int dir, const char *name, struct err *err)
{
	own_mem char *names = NULL;

	if (!strchr(name, ','))
		return 0;
	names = xstrdup(name);
	for (char *save = NULL, *n = strtok_r(names, ",", &save); n; n = strtok_r(NULL, ",", &save))
		if (symlinkat(name, dir, n) < 0 && errno != EEXIST)
			return err_errno(err, "cannot link '%s'", n);
	return 0;
}

static int mount_one(struct rootfs *r, int top, const struct cgroup_hierarchy *h,
	uint64_t attributes, struct err *err)
{
	own_fd int mnt = hierarchy_mount(r, h, attributes, err), place = -1;

	if (mnt == -E_NOT_FOUND)
		return 0;
	if (mnt < 0)
		return -err->code;
	if (mkdirat(top, h->name, 0755) < 0 && errno != EEXIST)
		return err_errno(err, "cannot make directory '%s'", h->name);
	place = openat(top, h->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (place < 0)
		return err_errno(err, "cannot open directory '%s'", h->name);
	if (mount_attach(mnt, place, h->name, err) < 0)
		return -err->code;
	return link_names(top, h->name, err);
}

static int mount_unified(struct rootfs *r, int place, const struct mount_options *o,
	const char *where, struct err *err)
{
	own_fd int mnt = -1;

	if (r->namespaces->own_flags & CLONE_NEWCGROUP) {
		mnt = mount_new("cgroup2", "cgroup", o, MOUNT_ATTR_RDONLY, err);
		if (mnt < 0 && err->code != EPERM)
			return -err->code;
	}
	if (mnt < 0)
		mnt = mount_clone(AT_FDCWD, r->cgroup->v2->dir, true, err);
	if (mnt < 0 || mount_attributes(mnt, false, o->set, 0, o->propagation, err) < 0)
		return -err->code;
	return mount_attach(mnt, place, where, err);
}

int rootfs_mount_cgroup(struct rootfs *r, const struct mount_config *m, struct err *err)
{
	struct mount_options o;
	const struct mount_options top_options = {
		.set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
		.data = {"mode=755"},
		.ndata = 1};
	own_fd int place = -1, top = -1;

	if (mount_options_parse(&m->options, &o, err) < 0)
		return -err->code;
	o.ndata = 0; /* "cgroup" has options for the host's administrator only */
	place = rootfs_place(r, m->destination, true, false, err);
	if (place < 0)
		return -err->code;
	if (r->cgroup->v2_alone)
		return mount_unified(r, place, &o, m->destination, err);
	top = mount_new("tmpfs", "cgroup", &top_options, 0, err);
	if (top < 0 || mount_attach(top, place, m->destination, err) < 0)
		return -err->code;
	for (unsigned i = 0; i < r->cgroup->count; i++)
		if (mount_one(r, top, &r->cgroup->items[i], o.set, err) < 0)
			return err_wrap(err, "cgroup '%s'", r->cgroup->items[i].name);
	return mount_attributes(top, true, o.set, 0, o.propagation, err);
}
