/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The $-substitution language of Dockerfiles: quotes, escapes, $name, ${name} and its modifiers
 * :- - :+ + :? ? # ## % %% / //. Pure: values come from the caller's lookup.
 */
#ifndef KIST_BUILDER_SUBSTITUTE_H
#define KIST_BUILDER_SUBSTITUTE_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"

#define SUBSTITUTE_RESULT_MAX (1u << 20) /* bytes of one expanded word */
#define SUBSTITUTE_DEPTH_MAX  64         /* ${a:-${b:-...}} */

struct substitution {
	char escape; /* the escape directive's character */
	/* The value of a name (valid until the next call), or NULL when it is not set. */
	const char *(*lookup)(const void *ctx, const char *name);
	const void *ctx;
	bool keep_quotes;  /* leave quotes in the result */
	bool keep_escapes; /* leave escape characters in the result */
	bool plain_quotes; /* quotes are ordinary characters: the text of a heredoc */
	bool keep_unset;   /* leave $name as it stands when name is not set */
};

/*
 * Append the expansion of word to *out: quotes and escapes removed, nothing split. Errors are
 * E_SYNTAX in docker's words, or E_LIMIT. Returns 0.
 */
int substitute_word(
	const struct substitution *s, const char *word, struct buf *out, struct err *err);

/* As substitute_word(), split at blanks that are neither quoted nor escaped. Returns 0. */
int substitute_words(
	const struct substitution *s, const char *text, struct strv *words, struct err *err);

#endif
