/* SPDX-License-Identifier: Apache-2.0 */
/* What is not in main.c's table: groups of verbs, programs kist-VERB; and how errors are told. */
#ifndef KIST_ENGINE_DISPATCH_H
#define KIST_ENGINE_DISPATCH_H

#include "lib/cli.h"

/* For cli_program.other: "kist VERB" is the program kist-VERB, as in git; a group alone is its
 * help. */
int dispatch_other(const struct cli_call *call, struct err *err);

/*
 * For cli_program.report: print "kist: TEXT" with docker's words in front, and where docker has it
 * the line that points to the help. Returns docker's exit status: run 125, 126, 127; else 1.
 */
int dispatch_report(const struct cli_call *call, const struct err *err);

/* For struct cli_program's misuse: docker's sentences and statuses. */
int dispatch_misuse(const struct cli_call *call, const struct cli_misuse *what);

#endif
