/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store save */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "store/archive.h"
#include "store/kist_store.h"

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

int cmd_save(const struct cli_call *call, struct err *err)
{
	const struct save_options *o = call->options;
	own_store struct store *store = NULL;
	enum archive_format format;
	int r = parse_format(o->format, &format, err);

	if (r < 0)
		return r;
	if (!o->output && isatty(STDOUT_FILENO))
		return err_set(err, E_USAGE,
			"cowardly refusing to save to a terminal. Use the -o flag or redirect");
	r = open_store(call, &store, err);
	if (r < 0)
		return r;
	if (o->output)
		return save_file(store, call, format, err);
	return archive_save(
		store, (const char *const *)call->args, call->nargs, format, STDOUT_FILENO, err);
}
