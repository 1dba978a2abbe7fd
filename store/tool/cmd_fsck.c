/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store fsck */
#include <inttypes.h>

#include "lib/own.h"
#include "store/gc.h"
#include "store/tool/cmd.h"

struct fsck_options {
	bool repair;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct fsck_options, repair, "repair", 0,
		"remove what is wrong, so that a pull brings it back"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct fsck_options *o = call->options;
	const struct store_session *s = tool_session(call, err);
	own(fsck_result_release) struct fsck_result result = {0};

	if (!s || store_fsck(s->store, o->repair, &result, err) < 0)
		return -err->code;
	for (size_t i = 0; i < result.problems.count; i++)
		if (tool_write_line(call, result.problems.items[i], err) < 0)
			return -err->code;
	tool_notice(call,
		"%" PRIu64 " blobs, %" PRIu64 " layers, %" PRIu64 " images, %" PRIu64
		" containers: %zu problems, %" PRIu64 " repaired",
		result.blobs, result.layers, result.images, result.containers,
		result.problems.count, result.repaired);
	return result.problems.count > result.repaired ? 1 : 0;
}

const struct cli_command tool_fsck = {
	.name = "fsck",
	.synopsis = "[OPTIONS]",
	.help = "Verify every blob, and that images and containers are whole",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct fsck_options),
	.run = run,
	.details = "Problems are printed one a line; the exit status is 1 while any is left.",
};
