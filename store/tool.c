/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tool.h"

#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "store/snapshot.h"
#include "store/tool/cmd.h"

static const struct cli_option globals[] = {
	OPT_STRING(struct global_options, root, "root", 0, "DIR",
		"where images and containers are (KIST_ROOT, /var/lib/kist)"),
	OPT_STRING(struct global_options, run, "run", 0, "DIR",
		"where the state of what runs is (KIST_RUN, /run/kist)"),
};

static const struct cli_command *const verbs[] = {
	&tool_put,
	&tool_get,
	&tool_ls,
	&tool_inspect,
	&tool_load,
	&tool_save,
	&tool_tag,
	&tool_untag,
	&tool_containers,
	&tool_create,
	&tool_finish,
	&tool_mount,
	&tool_record,
	&tool_rename,
	&tool_wait,
	&tool_settle,
	&tool_forget_run,
	&tool_rm,
	&tool_volume_create,
	&tool_volume_ls,
	&tool_volume_inspect,
	&tool_volume_populate,
	&tool_volume_rm,
	&tool_gc,
	&tool_fsck,
};

static const struct cli_program kist_store = {
	.name = "kist-store",
	.help = "Keep images, layers and containers on disk",
	.options = globals,
	.noptions = ARRAY_LEN(globals),
	.options_size = sizeof(struct global_options),
	.ncommands = ARRAY_LEN(verbs),
	.details = "The images are an OCI image layout, which other tools can read as it stands.",
};

/* The program with its rows, which the caller has room for, and the context of a call. */
static struct cli_program program_of(
	struct cli_command rows[ARRAY_LEN(verbs)], struct tool_context *context)
{
	struct cli_program program = kist_store;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		rows[i] = *verbs[i];
	program.commands = rows;
	program.context = context;
	return program;
}

int store_tool(struct store_session *s, const struct tool_io *io, const char *const argv[],
	struct err *err)
{
	struct tool_context context = {s, io, false};
	struct cli_command rows[ARRAY_LEN(verbs)];
	const struct cli_program program = program_of(rows, &context);

	return cli_run(&program, argv + 1, err);
}

int tool_mount_enter(void *arg, struct err *err)
{
	const struct tool_mount *place = arg;
	int r = snapshot_enter_private(err);

	return r < 0 ? r : snapshot_attach(place->mount, place->dir, err);
}

int store_tool_main(int argc, char **argv)
{
	static const struct tool_io io = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
	own_store_session struct store_session session = STORE_SESSION_INIT;
	struct tool_context context = {&session, &io, true};
	struct cli_command rows[ARRAY_LEN(verbs)];
	const struct cli_program program = program_of(rows, &context);

	return cli_main(&program, argc, argv);
}
