/* SPDX-License-Identifier: Apache-2.0 */
/* kist login */
#include "engine/cli/cmd.h"
#include "engine/cli/pass.h"

const struct cli_command cmd_login = PASS(
	"login", "[OPTIONS] [REGISTRY]", "Keep credentials for a registry", pass_plain);
