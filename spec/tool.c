/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/tool.h"

#include <unistd.h>

#include "lib/own.h"
#include "spec/kist_spec.h"

#define COMMANDS 2

static const struct cli_program kist_spec = {
	.name = "kist-spec",
	.help = "Make and check the documents of images and containers",
	.ncommands = COMMANDS,
};

static struct cli_program program_of(
	struct cli_command rows[COMMANDS], const struct spec_session *session)
{
	struct cli_program program = kist_spec;

	rows[0] = spec_config_command;
	rows[1] = spec_check_command;
	program.commands = rows;
	program.context = (void *)session;
	return program;
}

int spec_tool(const struct spec_session *s, const char *const argv[], struct err *err)
{
	struct cli_command rows[COMMANDS];
	const struct cli_program program = program_of(rows, s);

	return cli_run(&program, argv + 1, err);
}

int spec_tool_main(int argc, char **argv)
{
	static const struct spec_session session = {STDIN_FILENO, STDOUT_FILENO, NULL, NULL, -1};
	struct cli_command rows[COMMANDS];
	const struct cli_program program = program_of(rows, &session);

	return cli_main(&program, argc, argv);
}
