/* SPDX-License-Identifier: Apache-2.0 */
/* "process" of config.json (runtime-spec 1.3, config.md, Process); exec reads it by itself, too. */
#ifndef KIST_SPEC_PROCESS_CONFIG_H
#define KIST_SPEC_PROCESS_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

struct console_size {
	uint32_t height, width;
};

struct process_user {
	uint32_t uid, gid;
	uint32_t *umask; /* NULL: 0022, as runc does */
	struct uint32_list additional_gids;
};

/* Names as in capabilities(7), "CAP_CHOWN"; which of them the kernel knows is the runtime's matter.
 */
struct capability_sets {
	struct strings bounding, effective, inheritable, permitted, ambient;
};

struct rlimit_config {
	const char *type; /* "RLIMIT_NOFILE" */
	uint64_t soft, hard;
};

struct io_priority {
	const char *class; /* IOPRIO_CLASS_RT, _BE, _IDLE */
	int64_t priority;  /* 0..7 */
};

struct scheduler_config {
	const char *policy; /* "SCHED_BATCH" */
	int64_t nice, priority;
	struct strings flags; /* "SCHED_FLAG_RESET_ON_FORK" */
	uint64_t runtime, deadline, period;
};

/* Lists of CPUs as in cpuset(7), "0-3,7"; for exec only. */
struct cpu_affinity {
	const char *initial, *final;
};

struct process_config {
	bool terminal;
	struct console_size *console_size;
	struct process_user user;
	struct strings args; /* at least one; NULL-terminated, as all struct strings */
	struct strings env;
	const char *cwd;                      /* absolute */
	struct capability_sets *capabilities; /* NULL: none at all */
	LIST_OF(struct rlimit_config) rlimits;
	bool no_new_privileges;
	const char *apparmor_profile, *selinux_label;
	int64_t *oom_score_adj;
	struct scheduler_config *scheduler;
	struct io_priority *io_priority;
	struct cpu_affinity *exec_cpu_affinity;
};

extern const struct schema process_config_schema, console_size_schema, rlimit_schema;

/*
 * The rules that a table cannot say: cwd absolute, at least one argument, each rlimit once, ...
 * Errors begin with the member's path ("cwd: ..."). Returns 0, or E_SYNTAX.
 */
int process_config_check(const struct process_config *p, struct err *err);

/* A document that is a process alone (exec --process). Everything lives in the arena. Returns 0. */
int process_config_parse(
	const char *text, size_t len, struct process_config *p, struct arena *a, struct err *err);

#endif
