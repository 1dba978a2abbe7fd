/* SPDX-License-Identifier: Apache-2.0 */
/* kist logout */
#include "engine/cli/cmd.h"
#include "engine/cli/pass.h"

const struct cli_command cmd_logout = PASS(
	"logout", "[REGISTRY]", "Forget a registry's credentials", pass_plain);
