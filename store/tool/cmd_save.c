/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store save */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/output.h"
#include "lib/own.h"
#include "store/archive.h"
#include "store/tool/cmd.h"

struct save_options {
	const char *output, *format;
};

static const struct cli_option options[] = {
	OPT_STRING(struct save_options, output, "output", 'o', "FILE|-",
		"write the archive to a file instead of standard output"),
	OPT_STRING(struct save_options, format, "format", 0, "FORMAT",
		"oci (the default) or docker-archive"),
};

static int parse_format(const char *text, enum archive_format *format, struct err *err)
{
	*format = ARCHIVE_OCI;
	if (!text || strcmp(text, "oci") == 0 || strcmp(text, "oci-archive") == 0)
		return 0;
	*format = ARCHIVE_DOCKER;
	if (strcmp(text, "docker-archive") == 0)
		return 0;
	return err_set(err, E_USAGE, "unknown format '%s': oci or docker-archive", text);
}

static int save_file(struct store *store, const struct cli_call *call, enum archive_format format,
	struct err *err)
{
	const struct save_options *o = call->options;
	own_output struct output out = OUTPUT_INIT;

	if (output_open(&out, o->output, 0600, 0, err) < 0 ||
		archive_save(store, (const char *const *)call->args, call->nargs, format, out.fd,
			err) < 0)
		return -err->code;
	return output_commit(&out, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct save_options *o = call->options;
	const struct store_session *s;
	bool to_stdout = !o->output || strcmp(o->output, "-") == 0;
	enum archive_format format;

	if (parse_format(o->format, &format, err) < 0)
		return -err->code;
	if (to_stdout && isatty(tool_io(call)->out))
		return err_set(err, E_USAGE,
			"an archive is not for a terminal: give a file with -o, or redirect it");
	s = tool_session(call, err);
	if (!s)
		return -err->code;
	if (!to_stdout)
		return save_file(s->store, call, format, err);
	return archive_save(s->store, (const char *const *)call->args, call->nargs, format,
		tool_io(call)->out, err);
}

const struct cli_command tool_save = {
	.name = "save",
	.synopsis = "[OPTIONS] IMAGE...",
	.help = "Write images as a tar archive",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct save_options),
	.min_args = 1,
	.max_args = -1,
	.run = run,
};
