/* SPDX-License-Identifier: Apache-2.0 */
/* kist-layer diff: what one directory adds to another as a layer. */
#include <fcntl.h>

#include "lib/confine.h"
#include "lib/own.h"
#include "store/layer/layer_commands.h"

struct options {
	bool overlay;
	int info_fd;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct options, overlay, "overlay", 0,
		"UPPER is an overlayfs upper directory: LOWER is not read, and not needed"),
	OPT_FD(struct options, info_fd, "info-fd", 0, "FD",
		"one JSON line: diff_id, size, entries"),
};

static int write_diff(const struct options *o, char *const *dirs, size_t ndirs,
	struct layer_result *result, struct err *err)
{
	const char *upper_path = dirs[ndirs - 1];
	own_fd int upper = open(upper_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	own_strv struct strv trees = {0};
	own_fd int lower = -1;

	if (upper < 0)
		return err_errno(err, "cannot open '%s'", upper_path);
	lower = o->overlay ? -1 : open(dirs[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lower < 0 && !o->overlay)
		return err_errno(err, "cannot open '%s'", dirs[0]);
	strv_add(&trees, upper_path);
	if (!o->overlay)
		strv_add(&trees, dirs[0]);
	if (confine_enter(CONFINE_LAYER_READ, &trees, err) < 0)
		return -err->code;
	if (o->overlay)
		return layer_write_overlay(upper, layer_output_stdout, NULL, result, err);
	return layer_write_diff(lower, upper, layer_output_stdout, NULL, result, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct options *o = call->options;
	struct layer_result result;

	if (call->nargs == 1 && !o->overlay)
		return err_set(err, E_USAGE, "give LOWER and UPPER, or --overlay and UPPER");
	if (write_diff(o, call->args, call->nargs, &result, err) < 0)
		return err_wrap(err, "cannot write the difference");
	return o->info_fd ? layer_report_result(o->info_fd, &result, err) : 0;
}

const struct cli_command layer_diff_command = {
	.name = "diff",
	.synopsis = "[OPTIONS] [LOWER] UPPER",
	.help = "write what UPPER adds to LOWER to stdout as a layer, with OCI whiteouts",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct options),
	.min_args = 1,
	.max_args = 2,
	.run = run,
	.details =
		"New and changed entries are written with the directories they are in; what is missing "
		"becomes a whiteout. Regular files are taken for the same when their metadata is, and "
		"read only when their times are whole seconds.",
};
