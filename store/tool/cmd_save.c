/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store save */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "store/archive.h"
#include "store/tool/cmd.h"

struct save_options {
	const char *output, *format;
};

static const struct cli_option options[] = {
	{.name = "output",
		.letter = 'o',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct save_options, output),
		.arg = "FILE",
		.help = "write the archive to a file instead of standard output"},
	{.name = "format",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct save_options, format),
		.arg = "FORMAT",
		.help = "oci (the default) or docker-archive"},
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

/* The file appears when it is complete. */
static int save_file(struct store *store, const struct cli_call *call, enum archive_format format,
	struct err *err)
{
	const struct save_options *o = call->options;
	own_mem char *temp = xasprintf("%s.tmp-%d", o->output, (int)getpid());
	own_fd int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot create '%s'", temp);
	r = archive_save(store, (const char *const *)call->args, call->nargs, format, fd, err);
	if (r == 0 && rename(temp, o->output) < 0)
		r = err_errno(err, "cannot create '%s'", o->output);
	if (r < 0)
		unlink(temp);
	return r;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct save_options *o = call->options;
	const struct store_session *s;
	enum archive_format format;

	if (parse_format(o->format, &format, err) < 0)
		return -err->code;
	if (!o->output && isatty(tool_io(call)->out))
		return err_set(err, E_USAGE,
			"cowardly refusing to save to a terminal. Use the -o flag or redirect");
	s = tool_session(call, err);
	if (!s)
		return -err->code;
	if (o->output)
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
