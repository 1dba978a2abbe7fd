/* SPDX-License-Identifier: Apache-2.0 */
/* kist attach */
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/keys_flag.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct attach_options {
	const char *detach_keys;
	bool no_stdin;
};

static int run_attach(const struct cli_call *call, struct err *err)
{
	const struct attach_options *o = call->options;
	const struct attach_request rq = {.container = call->args[0],
		.detach_keys = o->detach_keys,
		.no_stdin = o->no_stdin,
		.terminal = isatty(STDIN_FILENO),
		.in_place = true};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_attach(&m.engine, &rq, &m.sink, err), err);
}

static const struct cli_option options[] = {
	OPT_VALUE(struct attach_options, detach_keys, "detach-keys", 0, "KEYS",
		"keys that detach (default ctrl-p,ctrl-q)", keys_flag),
	OPT_FLAG(struct attach_options, no_stdin, "no-stdin", 0, "watch only"),
};

const struct cli_command cmd_attach = {
	.name = "attach",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Join a running container's input and output",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct attach_options),
	.min_args = 1,
	.max_args = 1,
	.run = run_attach,
};
