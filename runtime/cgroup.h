/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Control groups of version 1, version 2, and both at once (hybrid): a container has one directory
 * per mounted hierarchy, at the same path in each. Limits go to the hierarchy that has the
 * controller; a limit that none can apply is an error.
 */
#ifndef KIST_RUNTIME_CGROUP_H
#define KIST_RUNTIME_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"
#include "spec/linux_resources.h"

#define CGROUP_ROOT            "/sys/fs/cgroup"
#define CGROUP_HIERARCHIES_MAX 24

struct cgroup_hierarchy {
	const char *mount; /* "/sys/fs/cgroup/cpu,cpuacct" */
	const char *name;  /* the last part of mount; its controllers, with commas, in version 1 */
	bool v2;
	const char *dir; /* the container's, mount and path */
	int fd;          /* of dir once it was made; -1 */
	bool ours;       /* it was made, or was there and empty; not another's */
};

struct cgroup {
	const char *path; /* "/kist/web", the same in every hierarchy */
	struct cgroup_hierarchy items[CGROUP_HIERARCHIES_MAX];
	unsigned count;
	struct cgroup_hierarchy *v2; /* NULL: none is mounted */
	bool v2_alone;               /* version 2 is mounted on CGROUP_ROOT itself */
};

void cgroup_release(struct cgroup *cg); /* closes; removes nothing */

#define own_cgroup __attribute__((cleanup(cgroup_release)))

/*
 * See which hierarchies are mounted and name the container's directories. path NULL: "/<id>";
 * ".." in it is E_SYNTAX. Strings live in the arena. Without any cgroup mounted count is 0.
 */
int cgroup_init(
	struct cgroup *cg, const char *path, const char *id, struct arena *a, struct err *err);

/*
 * Make the directories of one version and write the limits that it carries. "resources" may be
 * NULL. A hierarchy that cannot be written to is left out when nothing is asked of it. Return 0.
 */
int cgroup_make_v1(struct cgroup *cg, const struct linux_resources *r, struct err *err);
int cgroup_make_v2(struct cgroup *cg, const struct linux_resources *r, struct err *err);

/* Change limits of directories that exist (update). Returns 0. */
int cgroup_set(struct cgroup *cg, const struct linux_resources *r, struct err *err);

/* Move a process into every directory made; v2_too: also in version 2. Returns 0. */
int cgroup_join(const struct cgroup *cg, pid_t pid, bool v2_too, struct err *err);

/*
 * The same for the recorded directories of a running container (exec), or for those below them that
 * "below" names: each is "PATH", or "CONTROLLER,...:PATH" for the hierarchies of these controllers.
 * NULL: none. Where the container has divided its cgroup of version 2 (systemd in it does), which
 * then may have no processes itself, the process goes to where its first one, "init", is.
 */
int cgroup_join_dirs(const struct strings *dirs, const struct strv *below, pid_t init, pid_t pid,
	struct err *err);

/* Are these entries of "below" well formed? E_USAGE for what leaves the container's cgroup. */
int cgroup_check_below(const struct strv *below, struct err *err);

/* E_IN_USE when there are processes in a directory already: its end would be theirs. Returns 0. */
int cgroup_check_unused(const struct cgroup *cg, struct err *err);

/* Which directories there will be, for the record; or those alone that have become ours. */
void cgroup_dirs(const struct cgroup *cg, bool ours, struct strings *dirs, struct arena *a);

/* Send a signal to every process in the directories; KILL until none is left. Returns 0. */
int cgroup_signal(const struct strings *dirs, int signal, struct err *err);

/* Kill what is left and remove the directories with all beneath them. Missing ones are fine. */
int cgroup_remove(const struct strings *dirs, struct err *err);

/* Freeze or thaw, and wait until it is so. E_UNSUPPORTED when no directory can. */
int cgroup_freeze(const struct strings *dirs, bool frozen, struct err *err);

/* Is it frozen, or will it be when its processes have come to rest; also by a cgroup above it. */
bool cgroup_frozen(const struct strings *dirs);

/* Thaw what is frozen, also what the container has frozen in cgroups of its own. Does not wait. */
void cgroup_thaw_all(const struct strings *dirs);

/*
 * The directory that has the controller (of version 1 by its hierarchy, else that of version 2), to
 * read its files. Returns an O_PATH descriptor, the caller closes it; -1: there is none.
 */
int cgroup_open_of(const struct strings *dirs, const char *controller, bool *v2);

/* Append the pids of all processes in the directories. */
int cgroup_pids(const struct strings *dirs, pid_t **pids, size_t *count, struct err *err);

#endif
