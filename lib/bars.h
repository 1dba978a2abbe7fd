/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is on its way, on a terminal: a line for each thing, drawn over itself while it changes,
 * with a bar as long as it is known how much there is.
 */
#ifndef KIST_LIB_BARS_H
#define KIST_LIB_BARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

struct bar;

/* Zero-initialise, set fd, update; a label keeps its place from when it is first named. */
struct bars {
	int fd; /* the terminal; one that does not take what is written loses it */

	/* private */
	struct bar *items;
	size_t count;
	size_t drawn; /* lines above the cursor */
	int64_t drawn_at;
	bool dirty;
};

/* total 0: no bar. label and word hold no control characters. */
void bars_update(
	struct bars *b, const char *label, const char *word, int64_t current, int64_t total);

/* Draw what has changed, at most ten times a second; bars_draw(): at once. */
void bars_tick(struct bars *b);
void bars_draw(struct bars *b);

void bars_release(struct bars *b);

/* One line of at most width columns, without line feed. */
void bars_line(const char *label, const char *word, int64_t current, int64_t total, int width,
	struct buf *out);

#endif
