/* SPDX-License-Identifier: Apache-2.0 */
/* A pull or a push as docker shows it: a bar for each layer on a terminal, else lines of text. */
#ifndef KIST_ENGINE_PROGRESS_VIEW_H
#define KIST_ENGINE_PROGRESS_VIEW_H

#include <stdbool.h>

#include "engine/docker/sentences.h"
#include "lib/bars.h"

struct progress_view_row;

/* Zero-initialise, and set fd. */
struct progress_view {
	int fd; /* where it is shown */

	/* private */
	bool began; /* its first line was told: it is not a quiet one */
	struct bars bars;
	struct progress_view_row *rows;
	size_t count;
};

/* about: ABOUT_PULL or ABOUT_PUSH. Somebody who does not read any more misses it. */
void progress_view_tell(
	struct progress_view *v, enum subject_kind about, const struct progress_line *line);

void progress_view_release(struct progress_view *v);

/*
 * "kist tell pulled" and "pushed": what a script of --plan has in place of a verb's sink. Reads the
 * lines from in until their end. Returns 0, or the failure that they tell.
 */
int progress_view_run(enum subject_kind about, int in, int out, struct err *err);

#endif
