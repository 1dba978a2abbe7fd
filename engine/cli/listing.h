/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that list: the rows that a verb tells, gathered, and printed as --format says. */
#ifndef KIST_ENGINE_LISTING_H
#define KIST_ENGINE_LISTING_H

#include "engine/cli/format.h"
#include "engine/cli/mouth.h"

struct listing {
	struct mouth mouth; /* its sink finds the listing */
	const void *options;
	struct json *rows;
	/* One row with all of docker's fields, in the arena. */
	struct json *(*row)(const struct listing *l, const struct result *result, struct arena *a);
};

void listing_release(struct listing *l);

#define own_listing __attribute__((cleanup(listing_release)))

/* Open the store for a verb that only looks; each of its results becomes a row. Returns 0. */
int listing_open(struct listing *l, const struct cli_call *call,
	struct json *(*row)(const struct listing *l, const struct result *result, struct arena *a),
	struct err *err);

/* Print the rows. quiet: the template that -q stands for, or NULL; a format stands above it. */
int listing_print(struct listing *l, const struct format_kind *kind, const char *quiet,
	const char *format, struct err *err);

#endif
