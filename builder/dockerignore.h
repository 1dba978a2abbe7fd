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
	char *plain;  /* the path of a pattern without anything special; NULL: the glob counts */
};

struct dockerignore {
	struct ignore_rule *rules;
	size_t count;
	bool has_includes;
	const struct ignore_rule **plain; /* those with a plain path, sorted, later ones last */
	size_t nplain;
	size_t sorted; /* rules that stand there: dockerignore_add() only appends */
};

void dockerignore_release(struct dockerignore *d);

#define own_dockerignore __attribute__((cleanup(dockerignore_release)))

/* Read the file's text. Returns 0 or E_SYNTAX with the line. The caller releases *d. */
int dockerignore_parse(const char *text, size_t len, struct dockerignore *d, struct err *err);

/* Add one pattern, as a line of the file: for COPY --exclude. Returns 0 or E_SYNTAX. */
int dockerignore_add(struct dockerignore *d, const char *line, struct err *err);

/* A rule that has read the path of a place, and may match there or below. */
struct ignore_live {
	size_t rule;
	uint64_t *states;
};

/*
 * Where a walk stands. Entering an entry costs what its name costs, however deep it lies: the rules
 * read on from where they stood at the directory above.
 */
struct ignore_place {
	struct dockerignore *rules; /* NULL: nothing is left out */
	size_t decided;             /* 1 + the last rule that matched here or above; 0: none */
	struct ignore_live *live;
	size_t nlive;
	uint64_t *states; /* of all that are live */
	bool top;
};

void ignore_place_release(struct ignore_place *p);

#define own_ignore_place __attribute__((cleanup(ignore_place_release)))

/* At the directory that paths are relative to; it is never left out. The caller releases *p. */
void ignore_begin(struct dockerignore *d, struct ignore_place *p);

/*
 * At an entry of the directory at. path is the entry's, relative and clean, name its last part. The
 * caller releases *p.
 */
void ignore_enter(
	const struct ignore_place *at, const char *path, const char *name, struct ignore_place *p);

/* Is it left out? The last rule decides that matches it or a directory above it. */
bool ignore_excludes(const struct ignore_place *p);

/* May something below this directory (path) be let in by a '!' rule? */
bool ignore_may_include_below(const struct ignore_place *p, const char *path);

/* All of it for one path, relative and clean. The caller releases *p. */
void ignore_path(struct dockerignore *d, const char *path, struct ignore_place *p);

#endif
