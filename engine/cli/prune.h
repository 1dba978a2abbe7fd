/* SPDX-License-Identifier: Apache-2.0 */
/* What the prune commands share: their flags, and the question. */
#ifndef KIST_ENGINE_CLI_PRUNE_H
#define KIST_ENGINE_CLI_PRUNE_H

#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

struct prune_options {
	bool all, force, volumes;
	struct strv filter;
};

extern const struct cli_option prune_option_table[];
#define PRUNE_OPTIONS_COUNT 4

#define PRUNE_COMMAND(name_, help_, run_)                                                          \
	{                                                                                          \
		.name = (name_), .synopsis = "[OPTIONS]", .help = (help_),                         \
		.options = prune_option_table, .noptions = PRUNE_OPTIONS_COUNT,                    \
		.options_size = sizeof(struct prune_options), .run = (run_)                        \
	}

/*
 * Ask "WARNING! This will remove WHAT." unless --force or --plan, and call the verb. A no is status
 * 0, as in docker.
 */
int prune_run(const struct cli_call *call,
	int (*verb)(struct engine *e, const struct prune_request *rq, struct sink *sink,
		struct err *err),
	const char *what, struct err *err);

#endif
