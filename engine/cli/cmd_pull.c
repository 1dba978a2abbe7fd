/* SPDX-License-Identifier: Apache-2.0 */
/* kist pull */
#include "engine/cli/cmd.h"
#include "engine/cli/pass.h"

const struct cli_command cmd_pull = PASS(
	"pull", "[OPTIONS] NAME[:TAG|@DIGEST]", "Pull an image from a registry", pass_pull);
