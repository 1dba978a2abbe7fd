/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of run's and create's flags: every flag that docker has. */
#ifndef KIST_ENGINE_RUN_FLAGS_H
#define KIST_ENGINE_RUN_FLAGS_H

#include "lib/cli.h"

#define CREATE_FLAGS 98
#define RUN_FLAGS    (CREATE_FLAGS + 3)

/* Of struct run_options. */
extern const struct cli_option create_flags[CREATE_FLAGS], run_flags[RUN_FLAGS];

/* What the rows of the two verbs have in common. */
#define RUN_ROW(flags, nflags)                                                                     \
	.synopsis = "[OPTIONS] IMAGE [COMMAND] [ARG...]", .options = (flags),                      \
	.noptions = (nflags), .options_size = sizeof(struct run_options), .min_args = 1,           \
	.max_args = -1, .options_first = true,                                                     \
	.details = "The image is pulled when the store has none of that name. A name that is not " \
		   "given is made up. Volumes are made when they are missing; an empty one gets "  \
		   "what the image has in that place."

#endif
