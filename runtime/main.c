/* SPDX-License-Identifier: Apache-2.0 */
/* kist-runtime: runs containers as the OCI runtime specification says, with runc's command line. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/own.h"
#include "runtime/runtime.h"

static const struct cli_option global_options[] = {
	OPT_STRING(struct runtime_options, root, "root", 0, "DIR",
		"where the state of all containers is (default /run/kist/runtime)"),
	OPT_STRING(
		struct runtime_options, log, "log", 0, "FILE", "also append errors to this file"),
	OPT_STRING(struct runtime_options, log_format, "log-format", 0, "FORMAT",
		"text or json (default text)"),
	OPT_FLAG(struct runtime_options, debug, "debug", 0, "tell more"),
	OPT_FLAG(struct runtime_options, systemd_cgroup, "systemd-cgroup", 0,
		"refused: cgroups are made directly, not through systemd"),
	OPT_STRING(struct runtime_options, rootless, "rootless", 0, "BOOL",
		"true, false or auto (default auto)"),
};

static int refuse(const struct cli_call *call, struct err *err)
{
	return err_set(
		err, E_UNSUPPORTED, "'%s' is not supported by kist-runtime", call->command->name);
}

#define REFUSED(command)                                                                           \
	{                                                                                          \
		.name = (command), .help = "refused by name: not supported", .synopsis = "",       \
		.max_args = -1, .options_first = true, .flags = CLI_HIDDEN, .run = refuse          \
	}

/* runc's form: containerd and the like read the last line to learn what happened. */
static void add_to_log(const struct runtime_options *o, const struct err *err)
{
	own_fd int fd = open(o->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	own_arena struct arena a = {0};
	own_buf struct buf line = {0};
	char now[IO_TIME_MAX];

	if (fd < 0)
		return; /* the message is on stderr, too */
	io_time_now(now);
	if (o->log_format && strcmp(o->log_format, "json") == 0) {
		struct json *entry = json_new_object(&a);

		json_set_string(&a, entry, "level", "error");
		json_set_string(&a, entry, "msg", err->msg);
		json_set_string(&a, entry, "time", now);
		json_set_int(&a, entry, "code", err->code);
		json_write(entry, JSON_COMPACT, &line);
		buf_addc(&line, '\n');
	} else {
		buf_addf(&line, "time=\"%s\" level=error msg=", now);
		json_write_string(err->msg, strlen(err->msg), &line);
		buf_addc(&line, '\n');
	}
	io_write_full(fd, line.data, line.len);
}

static int report(const struct cli_call *call, const struct err *err)
{
	const struct runtime_options *o = call->global;

	if (o && o->log)
		add_to_log(o, err);
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
		REFUSED("checkpoint"), REFUSED("restore"), REFUSED("events")};
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
