/* SPDX-License-Identifier: Apache-2.0 */
/* kist-layer: layers in and out of directories. */
#include "lib/cli.h"
#include "lib/own.h"
#include "store/layer/layer_commands.h"

int main(int argc, char **argv)
{
	const struct cli_command commands[] = {
		layer_unpack_command, layer_pack_command, layer_diff_command};
	const struct cli_program program = {
		.name = "kist-layer",
		.help = "put a layer into a directory, or make one from directories",
		.commands = commands,
		.ncommands = ARRAY_LEN(commands),
	};

	return cli_main(&program, argc, argv);
}
