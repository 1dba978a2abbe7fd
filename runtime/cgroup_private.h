/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of cgroup.h: cgroup_fs.c lies below the two versions, cgroup.c above. */
#ifndef KIST_RUNTIME_CGROUP_PRIVATE_H
#define KIST_RUNTIME_CGROUP_PRIVATE_H

#include "runtime/cgroup.h"

/* Write a control file of a directory. Returns 0. */
int cgroup_write(int dirfd, const char *dir, const char *file, const char *value, struct err *err);
int cgroup_writef(int dirfd, const char *dir, const char *file, struct err *err, const char *fmt,
	...) __attribute__((format(printf, 5, 6)));

/* A directory that was there before us may hold others' processes: E_IN_USE. Returns 0. */
int cgroup_refuse_used(int dirfd, const char *dir, struct err *err);

/* Is this text in the first bytes of a control file? false when it cannot be read. */
bool cgroup_says(int dirfd, const char *file, const char *text);

/*
 * mkdir -p of a hierarchy's directory; sets h->fd. One that has processes, or in which a process
 * would freeze, is refused. Returns 0 or -errno with *err set.
 */
int cgroup_make_dir(struct cgroup_hierarchy *h, struct err *err);

/*
 * Give a cpuset of version 1, which begins empty, its parent's CPUs and memory nodes, and those
 * above it theirs where they are empty, too. Returns 0.
 */
int cgroup_prepare_cpuset(const struct cgroup_hierarchy *h, struct err *err);

/*
 * Rules for devices that cannot be set, and say nothing new: in a user namespace no node can be
 * made, and whoever is its root may open what an ordinary user may.
 */
bool cgroup_devices_moot(const struct cgroup_hierarchy *h);

/* The hierarchy of version 1 that has a controller, or NULL. */
struct cgroup_hierarchy *cgroup_v1_of(struct cgroup *cg, const char *controller);

/* Write the limits that each version carries to the directories that were made. Return 0. */
int cgroup_v1_apply(struct cgroup *cg, const struct linux_resources *r, struct err *err);
int cgroup_v2_apply(struct cgroup *cg, const struct linux_resources *r, struct err *err);

/* Attach a device program for the rules to a directory of version 2 (cgroup_devices_bpf.c). */
int cgroup_devices_attach(int dirfd, const struct linux_resources *r, struct err *err);

/* The rules every container has behind its own: null, zero, ptmx and the like. */
extern const struct device_rule cgroup_default_devices[];
extern const size_t cgroup_default_devices_count;

#endif
