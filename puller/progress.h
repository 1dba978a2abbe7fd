/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Progress of pull and push in one of three languages: JSON lines (spec/progress_line.h), plain
 * lines, or a bar per blob on a terminal.
 */
#ifndef KIST_PULLER_PROGRESS_H
#define KIST_PULLER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "spec/image.h"
#include "spec/progress_line.h"
#include "spec/reference.h"

enum progress_mode {
	PROGRESS_AUTO,
	PROGRESS_PLAIN, /* lines on stdout */
	PROGRESS_JSON,  /* JSON lines on stdout */
	PROGRESS_BARS,  /* bars on stderr, the last line on stdout */
	PROGRESS_NONE,
};

enum progress_verb { PROGRESS_PULL, PROGRESS_PUSH };

struct progress_options {
	enum progress_mode mode;
	enum progress_verb verb;
	int fd;            /* where JSON lines go, whatever the mode; 0: to stdout */
	bool quiet;        /* only what came of it */
	bool stdout_taken; /* it carries something else */
};

struct progress;

/*
 * AUTO: bars when stdout is a terminal, else JSON; when stdout carries something else bars if
 * stderr is a terminal, else nothing.
 */
struct progress *progress_new(const struct progress_options *options);
void progress_free(struct progress *p);

static inline void own_progress_release(struct progress **p)
{
	progress_free(*p);
}

/* --progress: "auto", "plain", "json", "none". For cli_option.parse. */
int progress_parse_mode(const char *value, void *mode, struct err *err);

/* What is pulled or pushed; borrowed until progress_free(). */
void progress_start(struct progress *p, const struct reference *ref);

/* The blob's row is made when it is first named. current: bytes of total. */
void progress_update(struct progress *p, const char *digest, enum progress_status status,
	int64_t current, int64_t total);

/* Draw what has changed, where that is not done at once; to be called about ten times a second. */
void progress_tick(struct progress *p);

struct progress_result {
	struct descriptor descriptor; /* the last JSON line */
	const char *digest;           /* of what the tag names in the registry */
	bool changed;                 /* pull: there was another image of that name, or none */
};

/* Everything is in place: the last line (or lines). Returns 0, or what writing to stdout gave. */
int progress_finish(struct progress *p, const struct progress_result *result, struct err *err);

/* It failed: take the bars out of the way of the message. */
void progress_stop(struct progress *p);

/*
 * The end of a program whose lines go to fd: why it failed, as the last of them. reference is what
 * its command line said. Returns the exit status.
 */
int progress_report(int fd, const char *reference, const struct err *err);

#endif
