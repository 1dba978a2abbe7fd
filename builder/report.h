/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a build tells: text for people on stderr (BuildKit's plain form), JSON lines for programs on
 * stdout (docs/pipes.md). The only module of kist-build that prints.
 */
#ifndef KIST_BUILDER_REPORT_H
#define KIST_BUILDER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "spec/progress_line.h"

#define REPORT_TAIL_LINES 30   /* of a failed step's output, shown again */
#define REPORT_LINE_MAX   4096 /* longer lines of output are cut into pieces */

struct report {
	bool text;       /* for people, on stderr */
	bool json;       /* lines of JSON on stdout */
	bool id_only;    /* nothing but the image ID on stdout */
	bool json_lost;  /* the reader of stdout is gone */
	int number;      /* of the current vertex */
	int64_t started; /* nanoseconds, of the current vertex */
	char *name;      /* of the current vertex */
	char *tail[REPORT_TAIL_LINES];
	size_t tail_next;
	char *partial; /* a line of output whose end has not come */
	size_t partial_len;
};

/*
 * mode: "plain" and "tty" are text on stderr, "json" lines on stdout, "quiet" the image ID on
 * stdout at the end, "none" nothing; "auto" (or NULL) is plain and, unless stdout is a terminal,
 * json. Returns 0 or E_USAGE.
 */
int report_init(struct report *p, const char *mode, struct err *err);
void report_release(struct report *p);

/* Begin "#5 [stage 2/4] RUN ...". */
void report_begin(struct report *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A step of the Dockerfile, for programs, when it is known whether it was CACHED. */
void report_step(struct report *p, int step, int steps, const char *text, bool cached);

/* "#5 text" */
void report_note(struct report *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Bytes that the step's process wrote; kept for the excerpt of a failure. */
void report_output(struct report *p, const char *data, size_t len);

/* A line for programs, such as one of kist-pull that is passed on. */
void report_line(struct report *p, const struct progress_line *line);

/* End the vertex: "DONE 0.1s", "CACHED", "ERROR: ...". */
void report_done(struct report *p);
void report_cached(struct report *p);
void report_error(struct report *p, const struct err *err);

/* The block of the failed vertex' last output between "------" lines. */
void report_show_tail(struct report *p);

/* A warning outside of any vertex. */
void report_warning(struct report *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
