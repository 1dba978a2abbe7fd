/* SPDX-License-Identifier: Apache-2.0 */
/* kist-layer: layers in and out of directories. */
#include "lib/cli.h"
#include "lib/json.h"
#include "lib/own.h"
#include "store/layer_commands.h"

int layer_report_result(int fd, const struct layer_result *result, struct err *err)
{
	own_arena struct arena a = {0};
	struct json *line = json_new_object(&a);

	json_set_string(&a, line, "diff_id", result->diff_id.text);
	json_set(&a, line, "size", json_new_uint(&a, result->size));
	json_set(&a, line, "entries", json_new_uint(&a, result->entries));
	if (result->skipped)
		json_set(&a, line, "skipped", json_new_uint(&a, result->skipped));
	return json_write_line(fd, line, err);
}

int main(int argc, char **argv)
{
	const struct cli_command commands[] = {layer_unpack_command};
	const struct cli_program program = {
		.name = "kist-layer",
		.help = "put a layer into a directory, or make one from directories",
		.commands = commands,
		.ncommands = ARRAY_LEN(commands),
	};

	return cli_main(&program, argc, argv);
}
