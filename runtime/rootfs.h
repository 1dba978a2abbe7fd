/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's root file system, put together in its mount namespace before it becomes "/":
 * every place in it is found beneath its descriptor and is hostile.
 */
#ifndef KIST_RUNTIME_ROOTFS_H
#define KIST_RUNTIME_ROOTFS_H

#include <stdbool.h>

#include "lib/err.h"
#include "runtime/cgroup.h"
#include "runtime/namespaces.h"
#include "spec/runtime_config.h"

struct mount_options;

struct rootfs {
	const struct runtime_config *config;
	const struct cgroup *cgroup;
	const struct namespaces *namespaces;
	const char *bundle_path; /* absolute */
	int bundle;              /* the same, in the mount namespace we are in; -1 before */
	int fd;                  /* the root */
	int proc;                /* root of the procfs mounted on /proc; -1: none */
	int opener;              /* who opens what is not ours to open (opener.h); -1: we do */
	/* per entry of "mounts", made by the parent: a detached mount, or, where owners are mapped,
	 * the user namespace with the mapping; or -1 */
	int *prepared;
	bool unfinished; /* rootfs_finish_mounts() has something to do */
};

/*
 * Make the namespace's mounts slaves of the host's (or what linux.rootfsPropagation says) and the
 * bundle's root a mount. Returns 0.
 */
int rootfs_open(struct rootfs *r, struct err *err);
void rootfs_release(struct rootfs *r);

/*
 * In the parent, with its privileges: make the mounts whose owners are mapped, which the child of
 * a user namespace could not. Returns 0.
 */
int rootfs_prepare(struct rootfs *r, struct err *err);

/*
 * Mount the entries of "mounts". Those of type cgroup need the container's cgroups: they come in
 * the second call, unless a later entry lies beneath one. Return 0.
 */
int rootfs_mount(struct rootfs *r, bool cgroups, struct err *err);
/* Mounts that are read-only, but not before all was made in them. Returns 0. */
int rootfs_finish_mounts(struct rootfs *r, struct err *err);

/* Are the entry's owners mapped? */
bool mount_is_mapped(const struct mount_config *m, const struct mount_options *o);

/*
 * Entry i of "mounts" with mapped owners: a detached mount of source, O_PATH. 0 for one that has
 * none.
 */
int rootfs_clone_mapped(const struct rootfs *r, size_t i, int source, struct err *err);

/* A path of the host's, "what" for opener_open(), beneath the bundle: an O_PATH descriptor. */
int rootfs_open_host(struct rootfs *r, int what, const char *path, struct err *err);

bool rootfs_has_cgroup_mount(const struct runtime_config *config);

/* Is the entry i one that rootfs_mount() leaves to its second call? */
bool rootfs_mount_deferred(const struct runtime_config *config, size_t i);

/* /dev: the default nodes, linux.devices and the links. Nothing when the host's /dev is bound. */
int rootfs_devices(struct rootfs *r, struct err *err);

/*
 * Make the working directory, with those above it, where the image has none. What leads elsewhere
 * is left to who enters it.
 */
void rootfs_make_directory(struct rootfs *r, const char *path);

/* Bind a terminal's slave on /dev/console. */
int rootfs_console(struct rootfs *r, int slave, struct err *err);

/* Before a root that is only moved: no procfs and no sysfs of the host stays in sight (no_pivot.c).
 */
int rootfs_hide_host(struct rootfs *r, struct err *err);

/* linux.maskedPaths, linux.readonlyPaths, and root.readonly. */
int rootfs_protect(struct rootfs *r, struct err *err);

/* linux.sysctl: may every name be written with these namespaces (E_DENIED), and write them. */
int rootfs_check_sysctl(
	const struct runtime_config *config, const struct namespaces *ns, struct err *err);
int rootfs_sysctl(struct rootfs *r, struct err *err);

/* Become "/" (pivot: by pivot_root(2), else by moving the mount). The working directory is "/". */
int rootfs_enter(struct rootfs *r, bool pivot, struct err *err);

/*
 * The place for a mount: an O_PATH descriptor of destination, made as a directory or an empty file
 * when it is missing. with_links false: no symbolic link may be on the way.
 */
int rootfs_place(struct rootfs *r, const char *destination, bool directory, bool with_links,
	struct err *err);

/* One entry of type "cgroup" (cgroup_mount.c). */
int rootfs_mount_cgroup(struct rootfs *r, const struct mount_config *m, struct err *err);

/* Fill a new tmpfs with what lies in the directory it will cover (copy_up.c). */
int copy_up(int from, int to, struct err *err);

#endif
