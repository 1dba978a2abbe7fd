/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The exit record: how a container's last run ended, one JSON object and LF. kist-monitor writes
 * it, and whoever wants to know reads it.
 *
 * It is begun when the container's process runs: NAME.started holds version and started_at. At the
 * end the same file gets the rest and becomes NAME by rename(), so that there is no record of a
 * run that goes on, a killed monitor leaves the time of its start, and a disk that became full
 * meanwhile has room for the end.
 */
#ifndef KIST_SPEC_EXIT_RECORD_H
#define KIST_SPEC_EXIT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define EXIT_RECORD_VERSION 1
#define EXIT_RECORD_STARTED ".started" /* behind the record's name: the one that is begun */

struct exit_record {
	int64_t version;   /* missing: 1. A higher one is not read: a newer program's */
	int64_t exit_code; /* 0 to 255; 128 + the signal that ended it */
	int64_t signal;    /* that ended it, or 0 */
	bool oom_killed;
	const char *started_at, *finished_at; /* RFC 3339; "": not known */
	const char *error;                    /* why it could not be started, or what went wrong */
};

extern const struct schema exit_record_schema;

/*
 * The container runs: begin the record that will be NAME in the directory dirfd. What an earlier
 * run has begun is replaced. Returns 0.
 */
int exit_record_begin(int dirfd, const char *name, const char *started_at, struct err *err);

/* The whole record (version aside, which is ours), in place of what was begun. Returns 0. */
int exit_record_end(int dirfd, const char *name, const struct exit_record *record, struct err *err);

/*
 * Read the record NAME; its strings live in the arena, none is NULL. Returns 1, 0 when there is
 * none, E_SYNTAX for one that is damaged, E_UNSUPPORTED for a newer program's; these two name the
 * file.
 */
int exit_record_read(
	int dirfd, const char *name, struct exit_record *record, struct arena *a, struct err *err);

/*
 * When the run that goes on, or whose monitor was killed, was started. Returns 1, 0 when nobody
 * knows (not started yet, or the file was lost in a power cut).
 */
int exit_record_started(int dirfd, const char *name, const char **started_at, struct arena *a);

/*
 * The record that a killed monitor could not write: status 137, "its monitor was killed", with the
 * start that it has written. One that was whole and only not renamed yet stands. Returns 0.
 */
int exit_record_settle(int dirfd, const char *name, struct err *err);

#endif
