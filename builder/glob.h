/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File patterns of COPY sources, --exclude and .dockerignore: Go's filepath.Match ('*', '?',
 * '[a-z]', '[^a]', '\x', none of which crosses '/'), and "**" where the caller allows it.
 */
#ifndef KIST_BUILDER_GLOB_H
#define KIST_BUILDER_GLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

enum glob_flags { GLOB_STAR_STAR = 1 /* "**" matches any number of directories */ };

struct glob_token;

struct glob {
	struct glob_token *tokens;
	size_t count;
	char *text; /* the pattern, into which classes point */
};

void glob_release(struct glob *g);

#define own_glob __attribute__((cleanup(glob_release)))

/* Returns 0, or E_SYNTAX "syntax error in pattern". The caller releases *g. */
int glob_parse(const char *pattern, unsigned flags, struct glob *g, struct err *err);

/* Does the whole path match? Time is at most its length times that of the pattern. */
bool glob_match(const struct glob *g, const char *path, size_t len);

/* Does the text hold a character that is special in a pattern? */
bool glob_is_pattern(const char *text);

#endif
