/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/cli.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/userns.h"
#include "runtime/monitor/monitor.h"

static const struct cli_option options[] = {
	OPT_STRING(
		struct monitor_options, id, "id", 0, "ID", "the container's name for the runtime"),
	OPT_STRING(
		struct monitor_options, bundle, "bundle", 0, "DIR", "directory with config.json"),
	OPT_STRING(struct monitor_options, runtime_root, "runtime-root", 0, "DIR",
		"where the runtime keeps its state"),
	OPT_STRING(struct monitor_options, run_dir, "run-dir", 0, "DIR",
		"where lock and attach.sock are made"),
	OPT_STRING(struct monitor_options, log, "log", 0, "FILE",
		"append the output as docker's json-file"),
	OPT_STRING(
		struct monitor_options, exit_file, "exit-file", 0, "FILE", "write the exit record"),
	OPT_STRING(struct monitor_options, runtime, "runtime", 0, "PROGRAM",
		"OCI runtime with runc's command line (default kist-runtime)"),
	OPT_FD(struct monitor_options, ready_fd, "ready-fd", 0, "N",
		"a JSON line when it runs, or why it does not; and when it goes on without us"),
	OPT_FLAG(struct monitor_options, terminal, "terminal", 0,
		"the container has a pseudo-terminal"),
	OPT_FLAG(
		struct monitor_options, interactive, "interactive", 0, "the container has a stdin"),
	OPT_FLAG(struct monitor_options, detach, "detach", 0, "output to log and clients only"),
	OPT_VALUE(struct monitor_options, detach_keys, "detach-keys", 0, "KEYS",
		"typed at stdin, they leave the container (with --terminal; default: none)",
		detach_keys_parse),
	OPT_STRING(struct monitor_options, exit_command, "exit-command", 0, "PROGRAM",
		"run it after the exit record"),
	OPT_LIST(struct monitor_options, exit_args, "exit-arg", 0, "ARG",
		"argument of the exit command"),
};

/*
 * We live as long as the container: nothing that our caller has open, be it a lock or a pipe whose
 * end somebody waits for, may live as long, too. And sockets that systemd passed are not ours.
 */
static void forget_caller(const struct monitor_options *opt)
{
	unsigned keep = opt->ready_fd > 0 ? (unsigned)opt->ready_fd : 2;

	if (keep > 3)
		close_range(3, keep - 1, 0);
	close_range(keep + 1, ~0u, 0);
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
}

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
	forget_caller(opt);
	if (userns_stay(getpid(), err) < 0)
		return -err->code;
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
