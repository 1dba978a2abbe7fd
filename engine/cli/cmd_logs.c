/* SPDX-License-Identifier: Apache-2.0 */
/* kist logs */
#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct logs_options {
	bool follow, timestamps, details;
	const char *since, *until, *tail;
};

static int run_logs(const struct cli_call *call, struct err *err)
{
	const struct logs_options *o = call->options;
	const struct logs_request rq = {.container = call->args[0],
		.follow = o->follow,
		.timestamps = o->timestamps,
		.since = o->since,
		.until = o->until,
		.tail = o->tail};
	own_mouth struct mouth m = {0};

	if (mouth_open_looking(&m, call, err) < 0)
		return -err->code;
	return verb_logs(&m.engine, &rq, &m.sink, err);
}

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct logs_options, member), .arg = (arg_), .help = (help_)   \
	}

static const struct cli_option options[] = {
	OPTION("details", 0, CLI_FLAG, details, NULL, "attributes of the log: json-file has none"),
	OPTION("follow", 'f', CLI_FLAG, follow, NULL, "go on until the container has ended"),
	OPTION("since", 0, CLI_STRING, since, "TIME", "from then on: a time, or 10m"),
	OPTION("tail", 'n', CLI_STRING, tail, "N", "the last N lines"),
	OPTION("timestamps", 't', CLI_FLAG, timestamps, NULL, "each line with its time"),
	OPTION("until", 0, CLI_STRING, until, "TIME", "up to then"),
};

const struct cli_command cmd_logs = {
	.name = "logs",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Show what a container has written",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct logs_options),
	.min_args = 1,
	.max_args = 1,
	.run = run_logs,
};
