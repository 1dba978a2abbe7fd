/* SPDX-License-Identifier: Apache-2.0 */
/* Words of a line as a POSIX shell splits them, without expansions. */
#ifndef KIST_SPEC_WORDS_H
#define KIST_SPEC_WORDS_H

#include "lib/err.h"
#include "lib/schema.h"

/*
 * Split at blanks; '...', "..." (with \" \\ \$ \`) and \x quote. Words are added to *words, in the
 * arena. Returns 0, or E_SYNTAX for a quote without its end.
 */
int words_split(const char *line, struct strings *words, struct arena *a, struct err *err);

#endif
