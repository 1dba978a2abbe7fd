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

static const struct cli_option options[] = {
	OPT_FLAG(struct logs_options, details, "details", 0,
		"attributes of the log: json-file has none"),
	OPT_FLAG(struct logs_options, follow, "follow", 'f', "go on until the container has ended"),
	OPT_STRING(struct logs_options, since, "since", 0, "TIME", "from then on: a time, or 10m"),
	OPT_STRING(struct logs_options, tail, "tail", 'n', "N", "the last N lines"),
	OPT_FLAG(struct logs_options, timestamps, "timestamps", 't', "each line with its time"),
	OPT_STRING(struct logs_options, until, "until", 0, "TIME", "up to then"),
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
