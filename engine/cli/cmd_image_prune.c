/* SPDX-License-Identifier: Apache-2.0 */
/* kist image prune */
#include "engine/cli/cmd.h"
#include "engine/cli/prune.h"

static int run_prune(const struct cli_call *call, struct err *err)
{
	const struct prune_options *o = call->options;

	return prune_run(call, verb_image_prune,
		o->all ? "all images without at least one container associated to them"
		       : "all dangling images",
		err);
}

const struct cli_command cmd_image_prune = PRUNE_COMMAND(
	"image prune", "Remove images that have no name", run_prune);
