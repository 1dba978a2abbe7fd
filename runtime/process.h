/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What turns a process that stands in the container's namespaces into the container's own: limits,
 * scheduling, user, capabilities, seccomp, working directory, and at last its program. Shared by
 * the init process and by exec.
 */
#ifndef KIST_RUNTIME_PROCESS_H
#define KIST_RUNTIME_PROCESS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "lib/err.h"
#include "runtime/capabilities.h"
#include "runtime/home.h"
#include "runtime/seccomp.h"
#include "spec/process_config.h"
#include "spec/runtime_config.h"

struct process {
	const struct process_config *config;
	struct capabilities caps;
	const struct seccomp_filter *filter; /* NULL: none */
	const struct personality_config *personality;
	bool limits_by_parent; /* in a user namespace: the child has no right to raise its limits */
	unsigned preserve_fds; /* descriptors 3.. that the program inherits */
	int profile;           /* descriptor that takes the AppArmor profile; -1 */
	const char *keyring;   /* name of a new session keyring; NULL: keep ours */
	bool confined;         /* process_confine() has done it already */
	char path[PATH_MAX];   /* of the program, once it was found */
	const char **env;      /* what the program gets */
	char home[HOME_MAX];   /* an entry of it */
};

/* Parse what can be wrong before anything is made. Returns 0. */
int process_init(struct process *p, const struct runtime_config *c,
	const struct process_config *config, struct err *err);

/*
 * In the parent, for the child pid: oomScoreAdj, scheduler and I/O priority, and rlimits when they
 * are limits_by_parent. Returns 0.
 */
int process_set_limits(pid_t pid, const struct process *p, struct err *err);

/*
 * In the parent: descriptors 0, 1 and 2 go to the user of a process in a user namespace (which the
 * process itself could not do), unless it has a terminal. Returns 0.
 */
int process_give_stdio(pid_t pid, const struct process *p, struct err *err);

/* In the child, while it has the host's /proc: see that its AppArmor profile is there. Returns 0.
 */
int process_find_profile(struct process *p, struct err *err);

/*
 * What we, and the children we make, execute next gets the profile. process_execute() does it, too;
 * it comes earlier where another process will execute, which cannot open the way to it. Returns 0.
 */
int process_apply_profile(struct process *p, struct err *err);

/* In the child, with all its rights and the host's paths: keyring, personality. */
int process_prepare(const struct process *p, struct err *err);

/*
 * In the container's root: descriptors 0, 1 and 2, environment, working directory, user and groups,
 * capabilities less those that process_execute() still needs, and the look-up of the command.
 * Returns 0.
 */
int process_become(struct process *p, struct err *err);

/*
 * Before the step into a pid namespace where others see us: seccomp and the rest of the
 * capabilities already now, so that nobody there finds a process of ours that may do more than
 * itself. Not with a filter that forbids one of the calls which are still to come, with
 * hooks those of startContainer, too: then process_execute() does it. Returns 0.
 */
int process_confine(struct process *p, bool hooks, struct err *err);

/*
 * What process_execute() will do to us, to the process of a startContainer hook: so the filter may
 * forbid calls that we still need. arg is the struct process. Returns 0.
 */
int process_confine_hook(void *arg, struct err *err);

/* AppArmor, seccomp and the rest of the capabilities, then execve(). Returns only on failure. */
int process_execute(struct process *p, struct err *err);

/* Make slave the controlling terminal and descriptors 0, 1 and 2. Returns 0. */
int process_use_terminal(int slave, struct err *err);

#endif
