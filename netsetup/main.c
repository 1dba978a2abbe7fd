/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/own.h"
#include "netsetup/cmd.h"

static const struct cli_option global_options[] = {
	OPT_STRING(struct global_options, root, "root", 0, "DIR",
		"where networks are kept (KIST_ROOT)"),
	OPT_STRING(struct global_options, run, "run", 0, "DIR",
		"where run-time state is kept (KIST_RUN)"),
};

int main(int argc, char **argv)
{
	const struct cli_command commands[] = {netsetup_setup_command, netsetup_teardown_command,
		netsetup_attach_command, netsetup_detach_command, netsetup_create_command,
		netsetup_rm_command, netsetup_ls_command, netsetup_inspect_command};
	const struct cli_program program = {
		.name = "kist-netsetup",
		.help = "networks of containers: bridge, addresses, published ports, resolver files",
		.options = global_options,
		.noptions = ARRAY_LEN(global_options),
		.options_size = sizeof(struct global_options),
		.commands = commands,
		.ncommands = ARRAY_LEN(commands),
		.details =
			"Works on the kernel through rtnetlink and nftables' netlink directly; no "
			"other program is started. Its wish and result are described in pipes.md, its "
			"files in state.md.",
	};

	return cli_main(&program, argc, argv);
}
