/* SPDX-License-Identifier: Apache-2.0 */
/* kist start */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/keys_flag.h"
#include "engine/cli/mouth.h"
#include "engine/cli/stay.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct start_options {
	bool attach, interactive, no_sig_proxy;
	const char *detach_keys;
};

static int start_one(struct mouth *m, const char *name, const void *options, struct err *err)
{
	const struct start_request rq = {.container = name};

	(void)options;
	return verb_start(&m->engine, &rq, &m->sink, err);
}

/* -a: one container, whose status is ours. */
static int start_attached(
	const struct cli_call *call, const struct start_options *o, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct terminal_stay stay;
	const struct start_request rq = {.container = call->args[0], .stay = &stay.stay};

	if (call->nargs > 1)
		return err_set(
			err, EINVAL, "you cannot start and attach multiple containers at once");
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	stay_init(&stay, !o->no_sig_proxy);
	stay.stay.detach_keys = o->detach_keys;
	stay.stay.use_stdin = o->interactive;
	stay.stay.use_stdout = stay.stay.use_stderr = true;
	return mouth_finish(&m, verb_start(&m.engine, &rq, &m.sink, err), err);
}

static int run_start(const struct cli_call *call, struct err *err)
{
	const struct start_options *o = call->options;
	int status;

	if (o->attach || o->interactive)
		return start_attached(call, o, err);
	status = mouth_each(call, start_one, err);
	if (status > 0)
		fputs("kist: failed to start containers\n", stderr);
	return status;
}

static int parse_sig_proxy(const char *value, void *field, struct err *err)
{
	bool off = strcmp(value, "false") == 0 || strcmp(value, "0") == 0;

	if (!off && strcmp(value, "true") != 0 && strcmp(value, "1") != 0)
		return err_set(err, E_USAGE, "expected true or false");
	*(bool *)field = off;
	return 0;
}

static const struct cli_option options[] = {
	OPT_FLAG(struct start_options, attach, "attach", 'a',
		"stay, and pass output and signals on"),
	OPT_VALUE(struct start_options, detach_keys, "detach-keys", 0, "KEYS",
		"keys that leave it running (default ctrl-p,ctrl-q)", keys_flag),
	OPT_FLAG(struct start_options, interactive, "interactive", 'i', "stay, and be its stdin"),
	OPT_VALUE(struct start_options, no_sig_proxy, "sig-proxy", 0, "BOOL",
		"pass signals on (default true)", parse_sig_proxy),
};

const struct cli_command cmd_start = {
	.name = "start",
	.synopsis = "[OPTIONS] CONTAINER [CONTAINER...]",
	.help = "Start containers that have ended or were never started",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct start_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_start,
};
