/* SPDX-License-Identifier: Apache-2.0 */
/* kist build */
#include "engine/cli/cmd.h"
#include "engine/cli/pass.h"

const struct cli_command cmd_build = PASS(
	"build", "[OPTIONS] DIRECTORY | -", "Build an image from a Dockerfile", pass_text);
