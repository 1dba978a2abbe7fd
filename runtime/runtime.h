/* SPDX-License-Identifier: Apache-2.0 */
/* kist-runtime's command line: what all its commands share. */
#ifndef KIST_RUNTIME_RUNTIME_H
#define KIST_RUNTIME_RUNTIME_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "lib/cli.h"

struct runtime_options {
	const char *root, *log, *log_format, *rootless;
	bool debug, systemd_cgroup;
	char default_root[PATH_MAX + 1]; /* what root is when none was given */
};

/* Check the global options; the first thing that every command does. Returns 0. */
int runtime_begin(const struct cli_call *call, struct err *err);

/* The directory of all containers: --root, else $KIST_RUN/runtime, else the default. Owned by call.
 */
const char *runtime_root(const struct cli_call *call);

/* One per subcommand, each in its cmd_*.c. */
extern const struct cli_command cmd_create, cmd_delete, cmd_exec, cmd_features, cmd_kill, cmd_list,
	cmd_pause, cmd_ps, cmd_resume, cmd_run, cmd_spec, cmd_start, cmd_state, cmd_update;

/*
 * Wait for a process of ours in the foreground: signals go on to it; with a terminal (master, else
 * -1) our own is put into raw mode and copied. Returns its exit status, 128 + n for a signal.
 */
int foreground_wait(pid_t pid, int master, struct err *err);

/* Block every signal, so that none is lost between the start of a process and the wait for it. */
void foreground_block_signals(void);

/*
 * What a container could reach of us through /proc must not be writable (CVE-2019-5736): unless
 * our executable is on a read-only mount already, execute it again from one. Returns 0 when we
 * are safe.
 */
int protect_self(char **argv, struct err *err);

#endif
