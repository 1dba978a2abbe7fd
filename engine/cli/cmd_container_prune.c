/* SPDX-License-Identifier: Apache-2.0 */
/* kist container prune */
#include "engine/cli/cmd.h"
#include "engine/cli/prune.h"

static int run_prune(const struct cli_call *call, struct err *err)
{
	return prune_run(call, verb_container_prune, "all stopped containers", err);
}

const struct cli_command cmd_container_prune = PRUNE_COMMAND(
	"container prune", "Remove all containers that do not run", run_prune);
