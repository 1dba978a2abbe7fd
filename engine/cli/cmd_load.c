/* SPDX-License-Identifier: Apache-2.0 */
/* kist load */
#include <errno.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

struct load_options {
	const char *file;
	bool quiet;
};

static int run_load(const struct cli_call *call, struct err *err)
{
	const struct load_options *o = call->options;
	const struct load_request rq = {o->file};
	own_mouth struct mouth m = {0};

	if (!o->file && isatty(STDIN_FILENO))
		return err_set(err, EINVAL, "requested load from stdin, but stdin is empty");
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_load(&m.engine, &rq, &m.sink, err), err);
}

static const struct cli_option options[] = {
	OPT_STRING(struct load_options, file, "input", 'i', "FILE", "instead of stdin"),
	OPT_FLAG(struct load_options, quiet, "quiet", 'q', "no progress: there is none"),
};

const struct cli_command cmd_load = {
	.name = "load",
	.synopsis = "[OPTIONS]",
	.help = "Load images from a tar archive, of an OCI layout or of docker save",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct load_options),
	.run = run_load,
};
