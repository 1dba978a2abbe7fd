/* SPDX-License-Identifier: Apache-2.0 */
/* kist-runtime's command line: what all its commands share. */
#ifndef KIST_RUNTIME_RUNTIME_H
#define KIST_RUNTIME_RUNTIME_H

#include <limits.h>
#include <stdbool.h>

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
extern const struct cli_command runtime_create_command, runtime_delete_command,
	runtime_events_command, runtime_exec_command, runtime_features_command,
	runtime_kill_command, runtime_list_command, runtime_pause_command, runtime_ps_command,
	runtime_resume_command, runtime_run_command, runtime_spec_command, runtime_start_command,
	runtime_state_command, runtime_update_command;

/*
 * What a container could reach of us through /proc must not be writable (CVE-2019-5736): unless
 * our executable is on a read-only mount already, execute it again from one. Returns 0 when we
 * are safe.
 */
int protect_self(char **argv, struct err *err);

#endif
