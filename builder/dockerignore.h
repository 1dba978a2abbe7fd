/* SPDX-License-Identifier: Apache-2.0 */
/* .dockerignore: which paths of a context are no part of it. Pure. */
#ifndef KIST_BUILDER_DOCKERIGNORE_H
#define KIST_BUILDER_DOCKERIGNORE_H

#include <stdbool.h>

#include "builder/glob.h"

#define DOCKERIGNORE_MAX (1u << 20) /* bytes of the file */

struct ignore_rule {
	struct glob glob;
	bool include; /* the line began with '!' */
	char *prefix; /* what the pattern begins with before its first special character */
};

struct dockerignore {
	struct ignore_rule *rules;
	size_t count;
	bool has_includes;
};

void dockerignore_release(struct dockerignore *d);

#define own_dockerignore __attribute__((cleanup(dockerignore_release)))

/* Read the file's text. Returns 0 or E_SYNTAX with the line. The caller releases *d. */
int dockerignore_parse(const char *text, size_t len, struct dockerignore *d, struct err *err);

/* Add one pattern, as a line of the file: for COPY --exclude. Returns 0 or E_SYNTAX. */
int dockerignore_add(struct dockerignore *d, const char *line, struct err *err);

/*
 * Is the path (relative, clean) left out? The last rule decides that matches it or a directory
 * above it.
 */
bool dockerignore_excludes(const struct dockerignore *d, const char *path);

/* May something below this excluded directory be let in again by a '!' rule? */
bool dockerignore_may_include_below(const struct dockerignore *d, const char *directory);

#endif
