/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs that are whole programs of their own: kist-pull, kist-push, kist-build, ... */
#ifndef KIST_ENGINE_PASS_H
#define KIST_ENGINE_PASS_H

#include "lib/cli.h"

#define PASS(name_, synopsis_, help_, run_)                                                        \
	{                                                                                          \
		.name = (name_), .synopsis = (synopsis_), .help = (help_), .max_args = -1,         \
		.flags = CLI_PASS, .run = (run_)                                                   \
	}

/* For their rows: all words are the program's. Returns docker's exit status. */
int pass_plain(const struct cli_call *call, struct err *err);

/* The same; text is wanted where the program would write JSON lines of progress. */
int pass_text(const struct cli_call *call, struct err *err);

/* kist-pull and kist-push, whose progress is shown in docker's words. */
int pass_pull(const struct cli_call *call, struct err *err);
int pass_push(const struct cli_call *call, struct err *err);

#endif
