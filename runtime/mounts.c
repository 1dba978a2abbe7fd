/* SPDX-License-Identifier: Apache-2.0 */
/* The entries of config.json's "mounts", one after the other. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "runtime/idmap.h"
#include "runtime/mount_api.h"
#include "runtime/mount_options.h"
#include "runtime/rootfs.h"
#include "runtime/threshold.h"

#define PROC_ROOT_INODE 1 /* of the root directory of any procfs */

/* Files of procfs that tell about the system only: LXCFS and the like are mounted over them. */
static const char *const coverable[] = {"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",
	"/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
	"/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled"};

static bool is_beneath(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '/' || !path[n]);
}

static bool is_cgroup(const struct mount_config *m)
{
	return m->type && (strcmp(m->type, "cgroup") == 0 || strcmp(m->type, "cgroup2") == 0);
}

bool rootfs_has_cgroup_mount(const struct runtime_config *config)
{
	for (size_t i = 0; i < config->mounts.count; i++)
		if (is_cgroup(&config->mounts.items[i]))
			return true;
	return false;
}

bool rootfs_mount_deferred(const struct runtime_config *config, size_t i)
{
	const struct mount_config *m = &config->mounts.items[i];

	if (!is_cgroup(m))
		return false;
	for (size_t j = i + 1; j < config->mounts.count; j++)
		if (is_beneath(config->mounts.items[j].destination, m->destination))
			return false;
	return true;
}

/*
 * procfs is how everybody else learns about processes, and where a label or a sysctl is written:
 * a mount over a part of it would make the container's own files answer (CVE-2019-16884,
 * CVE-2019-19921). The place is judged by what it is, because a link may lead to it.
 */
static int check_proc(const char *destination, int place, bool is_proc, struct err *err)
{
	struct stat st;
	bool on_proc = mount_fs_type(place) == PROC_SUPER_MAGIC;

	if (fstat(place, &st) < 0)
		return err_errno(err, "cannot look at '%s'", destination);
	if (strcmp(destination, "/proc") == 0 || (on_proc && st.st_ino == PROC_ROOT_INODE)) {
		if (is_proc)
			return 0;
		return err_set(err, E_DENIED, "'%s' is procfs: nothing else is mounted over it",
			destination);
	}
	if (!on_proc && !is_beneath(destination, "/proc"))
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(coverable); i++)
		if (strcmp(destination, coverable[i]) == 0)
			return 0;
	return err_set(
		err, E_DENIED, "'%s' is a part of procfs: nothing is mounted over it", destination);
}

/*
 * As with mount(8) and every runtime: without any word the attributes are the source's, with one
 * they are those that are asked for; but access times stay unless they are spoken of. In a user
 * namespace some are locked: those stay, too, unless it is they that are to be cleared.
 */
static int set_own_attributes(int mnt, const struct mount_options *o, struct err *err)
{
	const uint64_t times = MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME;
	uint64_t others = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
		MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSYMFOLLOW;

	if ((o->set | o->clear) & times)
		others |= MOUNT_ATTR_NODIRATIME;
	if (!o->set && !o->clear)
		return 0;
	if (mount_attributes(mnt, false, o->set, o->clear | (others & ~o->set), 0, err) >= 0)
		return 0;
	if (err->code != EPERM)
		return -err->code;
	return mount_attributes(mnt, false, o->set, o->clear, 0, err);
}

static int set_bind_attributes(int mnt, const struct mount_options *o, struct err *err)
{
	if (set_own_attributes(mnt, o, err) < 0 ||
		mount_attributes(mnt, o->propagation_recursive, 0, 0, o->propagation, err) < 0)
		return -err->code;
	return mount_attributes(mnt, true, o->recursive_set, o->recursive_clear, 0, err);
}

/*
 * Mounts that are made in it are to reach the host: a copy from the host's mount namespace is its
 * peer, one from ours only its slave. Not in a user namespace, whose root would mount on the host.
 */
static bool is_shared(
	const struct rootfs *r, const struct mount_config *m, const struct mount_options *o)
{
	const char *root = r->config->linux_->rootfs_propagation;
	bool recursive;

	return root && mount_propagation(root, &recursive) == MS_SHARED && o->bind && m->source &&
		!o->idmap && !m->uid_mappings.count &&
		(!o->propagation || o->propagation == MS_SHARED) &&
		!(r->namespaces->own_flags & CLONE_NEWUSER);
}

int rootfs_prepare(struct rootfs *r, struct err *err)
{
	r->prepared = xcalloc(r->config->mounts.count + 1, sizeof(*r->prepared));
	for (size_t i = 0; i < r->config->mounts.count; i++) {
		const struct mount_config *m = &r->config->mounts.items[i];
		const struct linux_config *l = r->config->linux_;
		bool own = m->uid_mappings.count > 0;
		own_fd int userns = -1;
		struct mount_options o;

		r->prepared[i] = -1;
		if (mount_options_parse(&m->options, &o, err) < 0)
			return err_wrap(err, "mount of '%s'", m->destination);
		if (is_shared(r, m, &o)) {
			r->prepared[i] = mount_clone(r->bundle, m->source, o.recursive, err);
			if (r->prepared[i] < 0)
				return err_wrap(err, "mount of '%s'", m->destination);
			continue;
		}
		if (!own && !o.idmap)
			continue;
		if (!o.bind || !m->source)
			return err_set(err, E_UNSUPPORTED,
				"mount of '%s': only bind mounts can have mapped owners",
				m->destination);
		/* the container's own mapping: of the namespace that it joins, or that it will have
		 */
		if (!own && r->namespaces->fds[NAMESPACE_USER] >= 0)
			userns = fcntl(r->namespaces->fds[NAMESPACE_USER], F_DUPFD_CLOEXEC, 3);
		else
			userns = idmap_namespace(
				(const struct id_mappings *)(own ? (const void *)&m->uid_mappings
								 : &l->uid_mappings),
				(const struct id_mappings *)(own ? (const void *)&m->gid_mappings
								 : &l->gid_mappings),
				err);
		if (userns < 0)
			return err_wrap(err, "mount of '%s'", m->destination);
		r->prepared[i] = give_fd(userns);
	}
	return 0;
}

/* A detached mount of what entry m binds, as it is seen after the entries before it. */
static int clone_source(struct rootfs *r, const struct mount_config *m,
	const struct mount_options *o, struct err *err)
{
	size_t i = (size_t)(m - r->config->mounts.items);
	own_fd int source = -1;

	if (r->opener < 0 && !mount_is_mapped(m, o))
		return mount_clone(r->bundle, m->source, o->recursive, err);
	source = rootfs_open_host(r, (int)i, m->source, err);
	if (source < 0)
		return -err->code;
	if (!mount_is_mapped(m, o))
		return mount_clone(source, "", o->recursive, err);
	/* the opener has the right to map its owners, and has done it */
	return r->opener >= 0 ? give_fd(source) : rootfs_clone_mapped(r, i, source, err);
}

static int mount_bind(struct rootfs *r, const struct mount_config *m, const char *destination,
	const struct mount_options *o, struct err *err)
{
	own_fd int mnt = -1, place = -1;
	struct stat st;
	int *prepared = r->prepared ? &r->prepared[m - r->config->mounts.items] : NULL;
	bool is_proc;

	if (!m->source || !*m->source)
		return err_set(err, E_SYNTAX, "a bind mount needs a source");
	if (prepared && *prepared >= 0 && !mount_is_mapped(m, o))
		mnt = give_fd(*prepared);
	else
		mnt = clone_source(r, m, o, err);
	if (mnt < 0)
		return -err->code;
	if (fstat(mnt, &st) < 0)
		return err_errno(err, "cannot look at '%s'", m->source);
	place = rootfs_place(r, destination, S_ISDIR(st.st_mode), true, err);
	if (place < 0)
		return -err->code;
	is_proc = mount_fs_type(mnt) == PROC_SUPER_MAGIC && st.st_ino == PROC_ROOT_INODE;
	if (check_proc(destination, place, is_proc, err) < 0 ||
		set_bind_attributes(mnt, o, err) < 0)
		return -err->code;
	return mount_attach(mnt, place, destination, err);
}

static bool has_option(const struct mount_options *o, const char *name)
{
	size_t n = strlen(name);

	for (unsigned i = 0; i < o->ndata; i++)
		if (strncmp(o->data[i], name, n) == 0 && o->data[i][n] == '=')
			return true;
	return false;
}

static bool exists(const struct rootfs *r, const char *path)
{
	struct err ignored;
	own_fd int fd = path_open(r->fd, path, O_PATH, 0, PATH_IN_ROOT, &ignored);

	return fd >= 0;
}

static int take_mode(int mnt, int place, struct err *err)
{
	struct stat st;

	if (fstat(place, &st) < 0)
		return err_errno(err, "cannot look at the covered directory");
	if (fchmodat(mnt, ".", st.st_mode & 07777, 0) < 0)
		return err_errno(err, "cannot set the mode of the new tmpfs");
	return 0;
}

/* Without "uid" or "gid" the new directory belongs to the owner of the one it covers. */
static int fill_tmpfs(int mnt, int place, const struct mount_options *o, struct err *err)
{
	struct stat st;

	if (fstat(place, &st) < 0)
		return err_errno(err, "cannot look at the covered directory");
	if (!has_option(o, "uid") && !has_option(o, "gid") &&
		fchownat(mnt, "", st.st_uid, st.st_gid, AT_EMPTY_PATH) < 0)
		return err_errno(err, "cannot set the owner of the new tmpfs");
	return copy_up(place, mnt, err);
}

/* Will something be made in it yet, by a later entry or, in /dev, by us? */
static bool comes_more(const struct rootfs *r, const struct mount_config *m)
{
	const struct mount_config *end = r->config->mounts.items + r->config->mounts.count;

	if (is_beneath("/dev", m->destination) || is_beneath("/dev/", m->destination))
		return true;
	for (const struct mount_config *later = m + 1; later < end; later++)
		if (is_beneath(later->destination, m->destination))
			return true;
	return false;
}

int rootfs_finish_mounts(struct rootfs *r, struct err *err)
{
	for (size_t i = 0; r->unfinished && i < r->config->mounts.count; i++) {
		const struct mount_config *m = &r->config->mounts.items[i];
		struct mount_options o;
		own_fd int mnt = -1;

		if (!m->type || strcmp(m->type, "tmpfs") != 0 || !comes_more(r, m))
			continue;
		if (mount_options_parse(&m->options, &o, err) < 0)
			return -err->code;
		if (!(o.set & MOUNT_ATTR_RDONLY) || o.bind || o.remount)
			continue;
		mnt = path_open(r->fd, m->destination, O_PATH, 0, PATH_IN_ROOT, err);
		if (mnt < 0 || mount_attributes(mnt, false, MOUNT_ATTR_RDONLY, 0, 0, err) < 0)
			return err_wrap(err, "mount of '%s'", m->destination);
	}
	return 0;
}

static int mount_filesystem(struct rootfs *r, const struct mount_config *m, const char *destination,
	const struct mount_options *o, struct err *err)
{
	bool is_proc = strcmp(m->type, "proc") == 0;
	/* CVE-2019-19921, CVE-2023-27561: these two must be where their paths say */
	bool with_links = !is_proc && strcmp(m->type, "sysfs") != 0;
	/* a tmpfs takes the mode of the directory that the image has there */
	bool inherits = strcmp(m->type, "tmpfs") == 0 && !has_option(o, "mode") &&
		exists(r, destination);
	own_fd int place = rootfs_place(r, destination, true, with_links, err);
	bool waits = (o->set & MOUNT_ATTR_RDONLY) && strcmp(m->type, "tmpfs") == 0 &&
		comes_more(r, m);
	uint64_t later = o->copy_up || inherits || waits ? MOUNT_ATTR_RDONLY : 0;
	own_fd int mnt = -1;

	if (place < 0 || check_proc(destination, place, is_proc, err) < 0)
		return -err->code;
	/* procfs shows the pid namespace of who mounts it, and we are not in the one that is joined
	 */
	if (is_proc && namespaces_join_pid(r->namespaces))
		mnt = threshold_mount_proc(r, m, o, err);
	else
		mnt = mount_new(m->type, m->source, o, later, err);
	if (mnt < 0 || (inherits && take_mode(mnt, place, err) < 0) ||
		(o->copy_up && fill_tmpfs(mnt, place, o, err) < 0))
		return -err->code;
	r->unfinished |= waits;
	if (mount_attributes(mnt, false, waits ? 0 : o->set & later, 0, o->propagation, err) < 0)
		return -err->code;
	if (mount_attach(mnt, place, destination, err) < 0)
		return -err->code;
	if (is_proc && strcmp(destination, "/proc") == 0) {
		own_fd_release(&r->proc);
		r->proc = give_fd(mnt);
	}
	return 0;
}

/* "remount": other attributes for what an earlier entry mounted. */
static int remount(
	struct rootfs *r, const char *destination, const struct mount_options *o, struct err *err)
{
	own_fd int place = path_open(r->fd, destination, O_PATH, 0, PATH_IN_ROOT, err);

	if (place < 0)
		return -err->code;
	if (o->ndata)
		return err_set(err, E_UNSUPPORTED, "remount cannot change '%s' of a file system",
			o->data[0]);
	if (mount_attributes(place, false, o->set, o->clear, 0, err) < 0)
		return -err->code;
	return mount_attributes(place, true, o->recursive_set, o->recursive_clear, 0, err);
}

static int mount_entry(struct rootfs *r, const struct mount_config *m, struct err *err)
{
	own_mem char *destination = path_clean(m->destination);
	struct mount_options o;

	if (mount_options_parse(&m->options, &o, err) < 0)
		return -err->code;
	if (strcmp(destination, "/") == 0)
		return err_set(
			err, E_UNSUPPORTED, "a mount on '/' would hide the root file system");
	if (o.remount)
		return remount(r, destination, &o, err);
	if (o.bind || (m->type && strcmp(m->type, "bind") == 0))
		return mount_bind(r, m, destination, &o, err);
	if (!m->type || !*m->type)
		return err_set(err, E_SYNTAX, "neither a type nor \"bind\" is given");
	if (is_cgroup(m))
		return rootfs_mount_cgroup(r, m, err);
	return mount_filesystem(r, m, destination, &o, err);
}

int rootfs_mount(struct rootfs *r, bool cgroups, struct err *err)
{
	for (size_t i = 0; i < r->config->mounts.count; i++) {
		const struct mount_config *m = &r->config->mounts.items[i];

		if (rootfs_mount_deferred(r->config, i) == cgroups && mount_entry(r, m, err) < 0)
			return err_wrap(err, "mount of '%s'", m->destination);
	}
	return 0;
}
