/* SPDX-License-Identifier: Apache-2.0 */
/* The subcommands of kist-spec, one per file; tool.c has their table. */
#ifndef KIST_SPEC_KIST_SPEC_H
#define KIST_SPEC_KIST_SPEC_H

#include "lib/cli.h"
#include "spec/tool.h"

extern const struct cli_command spec_config_command, spec_check_command;

/* Where the call reads and writes, and what is open already. */
static inline const struct spec_session *spec_session_of(const struct cli_call *call)
{
	return call->program->context;
}

#endif
