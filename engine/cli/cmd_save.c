/* SPDX-License-Identifier: Apache-2.0 */
/* kist save */
#include <errno.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct save_options {
	const char *file;
};

static int run_save(const struct cli_call *call, struct err *err)
{
	const struct save_options *o = call->options;
	const struct save_request rq = {o->file, {(const char **)call->args, call->nargs}};
	own_mouth struct mouth m = {0};

	if (!o->file && isatty(STDOUT_FILENO) && !mouth_plans(call))
		return err_set(err, EINVAL,
			"cowardly refusing to save to a terminal. Use the -o flag or redirect");
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_save(&m.engine, &rq, &m.sink, err), err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct save_options, file, "output", 'o', "FILE", "instead of stdout"),
};

const struct cli_command cmd_save = {
	.name = "save",
	.synopsis = "[OPTIONS] IMAGE [IMAGE...]",
	.help = "Save images as a tar archive of an OCI layout",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct save_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_save,
};
