/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of kist-netsetup, a file each, and what several of them do first. */
#ifndef KIST_NETSETUP_CMD_H
#define KIST_NETSETUP_CMD_H

#include "lib/cli.h"
#include "netsetup/network.h"
#include "netsetup/state.h"

struct global_options {
	const char *root, *run;
};

extern const struct cli_command netsetup_setup_command, netsetup_teardown_command,
	netsetup_attach_command, netsetup_detach_command, netsetup_create_command,
	netsetup_rm_command, netsetup_ls_command, netsetup_inspect_command;

/* The directories that the program's options name. change: root is needed. Returns 0. */
int cmd_open_state(const struct cli_call *call, bool change, struct state *s, struct err *err);

/* The wish on stdin; all: everything in it is checked. Lives in the arena. Returns 0. */
int cmd_read_wish(struct arena *a, bool all, struct network_wish *wish, struct err *err);

/* A network's name on the command line that may be made or removed. Returns 0, or E_USAGE. */
int cmd_check_name(const char *name, struct err *err);

/* A network as created or as set up now, with the addresses in use. In the arena. Returns 0. */
int cmd_describe(struct arena *a, const struct state *s, const char *name,
	struct network_definition *d, struct err *err);

#endif
