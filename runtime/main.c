/* SPDX-License-Identifier: Apache-2.0 */
/* kist-runtime: runs containers as the OCI runtime specification says, with runc's command line. */
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/runtime_log.h"

static const struct cli_option global_options[] = {
	OPT_STRING(struct runtime_options, root, "root", 0, "DIR",
		"where the state of all containers is (default /run/kist/runtime)"),
	OPT_STRING(struct runtime_options, log, "log", 0, "FILE",
		"append errors, warnings and what --debug tells to this file"),
	OPT_STRING(struct runtime_options, log_format, "log-format", 0, "FORMAT",
		"of the log: text or json (default text)"),
	OPT_FLAG(struct runtime_options, debug, "debug", 0,
		"log what is done, too; without --log on stderr"),
	OPT_FLAG(struct runtime_options, systemd_cgroup, "systemd-cgroup", 0,
		"refused: cgroups are made directly, not through systemd"),
	OPT_STRING(struct runtime_options, rootless, "rootless", 0, "BOOL",
		"true, false or auto (default auto)"),
};

static int refuse(const struct cli_call *call, struct err *err)
{
	if (runtime_begin(call, err) < 0)
		return -err->code;
	return err_set(
		err, E_UNSUPPORTED, "'%s' is not supported by kist-runtime", call->command->name);
}

#define REFUSED(command)                                                                           \
	{                                                                                          \
		.name = (command), .help = "refused by name: not supported", .synopsis = "",       \
		.max_args = -1, .options_first = true, .flags = CLI_HIDDEN, .run = refuse          \
	}

static int report(const struct cli_call *call, const struct err *err)
{
	runtime_log_error(err);
	return err_report(call->program->name, err);
}

/* Will some process of ours stand in a container, where its executable can be reached? */
static bool enters_container(char **argv)
{
	for (; *argv; argv++)
		if (strcmp(*argv, "run") == 0 || strcmp(*argv, "create") == 0 ||
			strcmp(*argv, "exec") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const struct cli_command commands[] = {runtime_create_command, runtime_start_command,
		runtime_run_command, runtime_state_command, runtime_kill_command,
		runtime_delete_command, runtime_list_command, runtime_exec_command,
		runtime_ps_command, runtime_pause_command, runtime_resume_command,
		runtime_update_command, runtime_features_command, runtime_spec_command,
		runtime_events_command, REFUSED("checkpoint"), REFUSED("restore")};
	const struct cli_program program = {
		.name = "kist-runtime",
		.help = "Run containers as the OCI runtime specification says",
		.options = global_options,
		.noptions = ARRAY_LEN(global_options),
		.options_size = sizeof(struct runtime_options),
		.commands = commands,
		.ncommands = ARRAY_LEN(commands),
		.report = report,
	};
	struct err err;

	if (argc > 1 && enters_container(argv + 1) && protect_self(argv, &err) < 0)
		return err_report(program.name, &err);
	return cli_main(&program, argc, argv);
}
