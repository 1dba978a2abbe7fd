/* SPDX-License-Identifier: Apache-2.0 */
/* kist-layer pack: a directory as a layer. */
#include <fcntl.h>

#include "lib/confine.h"
#include "lib/own.h"
#include "store/layer/layer_commands.h"

struct options {
	int info_fd;
};

static const struct cli_option options[] = {
	OPT_FD(struct options, info_fd, "info-fd", 0, "FD",
		"one JSON line: diff_id, size, entries"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct options *o = call->options;
	own_strv struct strv trees = {0};
	struct layer_result result;
	own_fd int dir = open(call->args[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return err_errno(err, "cannot open '%s'", call->args[0]);
	strv_add(&trees, call->args[0]);
	if (confine_enter(CONFINE_LAYER_READ, &trees, err) < 0)
		return -err->code;
	if (layer_write_pack(dir, layer_output_stdout, NULL, &result, err) < 0)
		return err_wrap(err, "cannot pack '%.200s'", call->args[0]);
	return o->info_fd ? layer_report_result(o->info_fd, &result, err) : 0;
}

const struct cli_command layer_pack_command = {
	.name = "pack",
	.synopsis = "[OPTIONS] DIR",
	.help = "write DIR to stdout as a layer: a pax tar in a fixed order",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details =
		"The same tree gives the same bytes: names are sorted, owners are numbers, times are "
		"whole seconds. Set-id bits, hard links, security.capability, user.* and POSIX ACLs "
		"are kept, sockets are left out.",
};
