/* SPDX-License-Identifier: Apache-2.0 */
/* kist-spec: config.json from an image config, and verdicts on documents. */
#include "spec/kist_spec.h"

#include "lib/own.h"

int main(int argc, char **argv)
{
	const struct cli_command commands[] = {cmd_config, cmd_check};
	const struct cli_program program = {
		.name = "kist-spec",
		.help = "Make and check the documents of images and containers",
		.commands = commands,
		.ncommands = ARRAY_LEN(commands),
	};

	return cli_main(&program, argc, argv);
}
