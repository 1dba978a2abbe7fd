/* SPDX-License-Identifier: Apache-2.0 */
/* kist exec */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/env_flag.h"
#include "engine/cli/keys_flag.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct exec_options {
	bool detach, interactive, privileged, tty;
	struct strv env, env_file;
	const char *user, *workdir, *detach_keys;
};

static int run_exec(const struct cli_call *call, struct err *err)
{
	const struct exec_options *o = call->options;
	own_mouth struct mouth m = {0};
	own_arena struct arena a = {0};
	struct winsize size = {0};
	struct exec_request rq = {.container = call->args[0],
		.command = {(const char **)call->args + 1, call->nargs - 1},
		.user = o->user,
		.workdir = o->workdir,
		.detach_keys = o->detach_keys,
		.privileged = o->privileged,
		.interactive = o->interactive,
		.tty = o->tty,
		.detach = o->detach,
		.in_place = true};

	if (o->tty && o->interactive && !o->detach && !isatty(STDIN_FILENO))
		return err_set(err, EINVAL, "the input device is not a TTY");
	if (env_flag_gather(&o->env_file, &o->env, &rq.env, &a, err) < 0)
		return -err->code;
	/* so that the program never sees a terminal without a size */
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 ||
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
		rq.rows = size.ws_row;
		rq.columns = size.ws_col;
	}
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_exec(&m.engine, &rq, &m.sink, err), err);
}

static const struct cli_option options[] = {
	OPT_FLAG(struct exec_options, detach, "detach", 'd', "in the background"),
	OPT_VALUE(struct exec_options, detach_keys, "detach-keys", 0, "KEYS",
		"leave it to itself when typed (default ctrl-p,ctrl-q)", keys_flag),
	OPT_LIST(struct exec_options, env, "env", 'e', "NAME[=VALUE]",
		"set an environment variable"),
	OPT_LIST(
		struct exec_options, env_file, "env-file", 0, "FILE", "read environment variables"),
	OPT_FLAG(struct exec_options, interactive, "interactive", 'i', "keep stdin open"),
	OPT_FLAG(struct exec_options, privileged, "privileged", 0, "with all capabilities"),
	OPT_FLAG(struct exec_options, tty, "tty", 't', "with a terminal"),
	OPT_STRING(struct exec_options, user, "user", 'u', "USER[:GROUP]", "name or number"),
	OPT_STRING(struct exec_options, workdir, "workdir", 'w', "DIR", "working directory"),
};

const struct cli_command cmd_exec = {
	.name = "exec",
	.synopsis = "[OPTIONS] CONTAINER COMMAND [ARG...]",
	.help = "Run one more command in a running container",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct exec_options),
	.min_args = 2,
	.max_args = -1,
	.options_first = true,
	.run = run_exec,
	.details =
		"The exit status is the command's; 126: it cannot be executed, 127: it was not found. "
		"The command reads and writes pipes, or with -t a terminal of its own.",
};
