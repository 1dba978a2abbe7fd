/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that the parts of config.json share. Errors carry no path: see schema_error_at(). */
#ifndef KIST_SPEC_CHECK_H
#define KIST_SPEC_CHECK_H

#include <stddef.h>

#include "lib/err.h"
#include "lib/schema.h"

/* A NULL-terminated list of the words that a member may have. */
struct check_words {
	const char *const *words;
	const char *what; /* "a type of namespace" */
};

/* value must be one of the words. Returns 0, or E_SYNTAX "'x' is not a type of namespace". */
int check_word(const char *value, const struct check_words *w, struct err *err);

/* The same for each of a list; the error begins with "[2]: ". */
int check_all_words(const struct strings *values, const struct check_words *w, struct err *err);

/* An absolute path. Returns 0, or E_SYNTAX. */
int check_absolute(const char *path, struct err *err);
int check_all_absolute(const struct strings *paths, struct err *err);

#endif
