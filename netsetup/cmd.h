/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of kist-netsetup, a file each. */
#ifndef KIST_NETSETUP_CMD_H
#define KIST_NETSETUP_CMD_H

#include "lib/cli.h"

struct global_options {
	const char *root, *run;
};

#define CMD_CREATE_OPTIONS 4

struct create_options {
	const char *subnet, *gateway, *bridge;
	int64_t mtu;
};

extern const struct cli_option cmd_create_options[CMD_CREATE_OPTIONS];

int cmd_setup(const struct cli_call *call, struct err *err);
int cmd_teardown(const struct cli_call *call, struct err *err);
int cmd_create(const struct cli_call *call, struct err *err);
int cmd_rm(const struct cli_call *call, struct err *err);
int cmd_ls(const struct cli_call *call, struct err *err);
int cmd_inspect(const struct cli_call *call, struct err *err);

#endif
