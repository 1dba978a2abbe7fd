/* SPDX-License-Identifier: Apache-2.0 */
/* kist volume prune */
#include "engine/cli/cmd.h"
#include "engine/cli/prune.h"

static int run_prune(const struct cli_call *call, struct err *err)
{
	const struct prune_options *o = call->options;

	return prune_run(call, verb_volume_prune,
		o->all ? "all volumes not used by at least one container"
		       : "anonymous local volumes not used by at least one container",
		err);
}

const struct cli_command cmd_volume_prune = PRUNE_COMMAND(
	"volume prune", "Remove volumes that no container has", run_prune);
