/* SPDX-License-Identifier: Apache-2.0 */
/* kist push */
#include "engine/cli/cmd.h"
#include "engine/cli/pass.h"

const struct cli_command cmd_push = PASS(
	"push", "[OPTIONS] NAME[:TAG]", "Push an image to a registry", pass_push);
