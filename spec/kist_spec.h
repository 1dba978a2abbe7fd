/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of kist-spec, one per file. */
#ifndef KIST_SPEC_KIST_SPEC_H
#define KIST_SPEC_KIST_SPEC_H

#include "lib/cli.h"

extern const struct cli_command cmd_config, cmd_check;

#endif
