/* SPDX-License-Identifier: Apache-2.0 */
/* process.scheduler, process.ioPriority, process.execCPUAffinity and linux.personality. */
#ifndef KIST_RUNTIME_SCHEDULING_H
#define KIST_RUNTIME_SCHEDULING_H

#include <sys/types.h>

#include "lib/err.h"
#include "spec/linux_config.h"
#include "spec/process_config.h"

/* Are all words known? Returns 0 or E_SYNTAX. */
int scheduling_check(const struct process_config *p, const struct personality_config *personality,
	struct err *err);

/* Scheduler and I/O priority of a process (0: ours). Returns 0. */
int scheduling_apply(const struct process_config *p, pid_t pid, struct err *err);

/* Our own personality, for all that comes of us; NULL: as it is. Returns 0. */
int scheduling_personality(const struct personality_config *personality, struct err *err);

/*
 * A process runs on all CPUs that its cgroup has, whatever its caller was bound to. In vain where
 * the kernel does not let us.
 */
void scheduling_all_cpus(pid_t pid);

/* Run on these CPUs ("0-3,7") from now on. Returns 0. */
int scheduling_affinity(const char *cpus, struct err *err);

#endif
