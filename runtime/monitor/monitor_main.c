/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>

#include "lib/cli.h"
#include "lib/log.h"
#include "lib/own.h"
#include "runtime/monitor/monitor.h"

#define OPTION(name_, kind_, member, arg_, help_)                                                  \
	{                                                                                          \
		.name = (name_), .kind = (kind_),                                                  \
		.offset = CLI_FIELD(struct monitor_options, member), .arg = (arg_),                \
		.help = (help_)                                                                    \
	}

static const struct cli_option options[] = {
	OPTION("id", CLI_STRING, id, "ID", "the container's name for the runtime"),
	OPTION("bundle", CLI_STRING, bundle, "DIR", "directory with config.json"),
	OPTION("runtime-root", CLI_STRING, runtime_root, "DIR",
		"where the runtime keeps its state"),
	OPTION("run-dir", CLI_STRING, run_dir, "DIR", "where lock and attach.sock are made"),
	OPTION("log", CLI_STRING, log, "FILE", "append the output as docker's json-file"),
	OPTION("exit-file", CLI_STRING, exit_file, "FILE", "write the exit record"),
	OPTION("runtime", CLI_STRING, runtime, "PROGRAM",
		"OCI runtime with runc's command line (default kist-runtime)"),
	OPTION("ready-fd", CLI_FD, ready_fd, "N", "one JSON line when it runs, or why it does not"),
	OPTION("terminal", CLI_FLAG, terminal, NULL, "the container has a pseudo-terminal"),
	OPTION("interactive", CLI_FLAG, interactive, NULL, "the container has a stdin"),
	OPTION("detach", CLI_FLAG, detach, NULL, "output to log and clients only"),
	OPTION("exit-command", CLI_STRING, exit_command, "PROGRAM", "run it after the exit record"),
	OPTION("exit-arg", CLI_STRINGS, exit_args, "ARG", "argument of the exit command"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct monitor_options *opt = call->options;
	const struct {
		const char *name, *value;
	} needed[] = {{"id", opt->id}, {"bundle", opt->bundle}, {"runtime-root", opt->runtime_root},
		{"run-dir", opt->run_dir}, {"log", opt->log}, {"exit-file", opt->exit_file}};
	int status;

	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!needed[i].value || !*needed[i].value)
			return err_set(err, E_USAGE, "--%s is missing", needed[i].name);
	log_start("kist-monitor", LOG_LEVEL_WARN);
	err->code = 0;
	status = monitor_run(opt, err);
	/* a caller with --ready-fd has been told the reason, and tells it */
	if (status >= 0 && err->code && !opt->ready_fd)
		fprintf(stderr, "kist-monitor: %s\n", err->msg);
	return status;
}

static const struct cli_command commands[] = {
	{
		.synopsis = "--id ID --bundle DIR --runtime-root DIR --run-dir DIR --log FILE "
			    "--exit-file FILE [OPTIONS]",
		.help = "keep one container company: start it, copy its output, record its end",
		.options = options,
		.noptions = ARRAY_LEN(options),
		.options_size = sizeof(struct monitor_options),
		.run = run,
	},
};

static const struct cli_program program = {
	.name = "kist-monitor",
	.help = "keep one container company: start it, copy its output, record its end",
	.commands = commands,
	.ncommands = ARRAY_LEN(commands),
	.details = "kist-monitor starts the container with the runtime's \"run --detach\", holds "
		   "RUN-DIR/lock while it lives, serves RUN-DIR/attach.sock, and ends with the "
		   "container's own status. Its streams are described in pipes.md.",
};

int main(int argc, char **argv)
{
	return cli_main(&program, argc, argv);
}
