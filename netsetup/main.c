/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/own.h"
#include "netsetup/cmd.h"

static const struct cli_option global_options[] = {
	{.name = "root",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct global_options, root),
		.arg = "DIR",
		.help = "where networks are kept (KIST_ROOT)"},
	{.name = "run",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct global_options, run),
		.arg = "DIR",
		.help = "where run-time state is kept (KIST_RUN)"},
};

static const struct cli_command commands[] = {
	{
		.name = "setup",
		.synopsis = "NETNS < CONFIG > RESULT",
		.help = "give a container its network",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_setup,
	},
	{
		.name = "teardown",
		.synopsis = "NETNS < CONFIG",
		.help = "take a container's network away; what is missing is no error",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_teardown,
	},
	{
		.name = "create",
		.synopsis = "[OPTIONS] NAME",
		.help = "create a network",
		.options = cmd_create_options,
		.noptions = CMD_CREATE_OPTIONS,
		.options_size = sizeof(struct create_options),
		.min_args = 1,
		.max_args = 1,
		.run = cmd_create,
	},
	{
		.name = "rm",
		.synopsis = "NAME",
		.help = "remove a network that no container is in",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_rm,
	},
	{
		.name = "ls",
		.synopsis = "",
		.help = "list the networks, a JSON line each",
		.run = cmd_ls,
	},
	{
		.name = "inspect",
		.synopsis = "NAME",
		.help = "show a network and the addresses in use",
		.min_args = 1,
		.max_args = 1,
		.run = cmd_inspect,
	},
};

static const struct cli_program program = {
	.name = "kist-netsetup",
	.help = "networks of containers: bridge, addresses, published ports, resolver files",
	.options = global_options,
	.noptions = ARRAY_LEN(global_options),
	.options_size = sizeof(struct global_options),
	.commands = commands,
	.ncommands = ARRAY_LEN(commands),
	.details =
		"Works on the kernel through rtnetlink and nftables' netlink directly; no other "
		"program is started. Its configuration and result are described in pipes.md, its "
		"files in state.md.",
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
