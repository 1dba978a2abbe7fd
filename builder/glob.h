/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File patterns of COPY sources, --exclude and .dockerignore: Go's filepath.Match ('*', '?',
 * '[a-z]', '[^a]', '\x', none of which crosses '/'), and "**" where the caller allows it.
 */
#ifndef KIST_BUILDER_GLOB_H
#define KIST_BUILDER_GLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/*
 * The same in pieces, as a walk comes by them: what was read is a set of states, glob_words() words
 * of the caller's, which may be copied. A path may only be cut beside a '/'.
 */
size_t glob_words(const struct glob *g);
void glob_begin(const struct glob *g, uint64_t *states);

/* Read on; scratch has glob_words() words, too. Returns false when nothing can match any more. */
bool glob_read(
	const struct glob *g, uint64_t *states, uint64_t *scratch, const char *text, size_t len);

/* Does what was read match as it stands? */
bool glob_matches(const struct glob *g, const uint64_t *states);

/* Does the text hold a character that is special in a pattern? */
bool glob_is_pattern(const char *text);

#endif
