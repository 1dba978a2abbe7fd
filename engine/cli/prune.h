/* SPDX-License-Identifier: Apache-2.0 */
/* What the prune commands share: their flags, the question, the last line. */
#ifndef KIST_ENGINE_CLI_PRUNE_H
#define KIST_ENGINE_CLI_PRUNE_H

#include "engine/cli/mouth.h"
#include "lib/schema.h"

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
 * Ask "WARNING! This will remove WHAT." unless --force, open the store and call prune(). A no is
 * status 0, as in docker.
 */
int prune_run(const struct cli_call *call,
	int (*prune)(struct mouth *m, const struct prune_options *o, struct err *err),
	const char *what, struct err *err);

/* "Total reclaimed space: 0B", with an empty line above when something was listed. */
void prune_total(int64_t bytes, bool listed);

#endif
