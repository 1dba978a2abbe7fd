/* SPDX-License-Identifier: Apache-2.0 */
/* Durations and ages as docker writes them. */
#ifndef KIST_ENGINE_UNITS_H
#define KIST_ENGINE_UNITS_H

#include <stdint.h>

#include "lib/err.h"

#define UNITS_TEXT_MAX 64

/* "Less than a second", "About a minute", "2 weeks". */
void units_duration(int64_t seconds, char text[UNITS_TEXT_MAX]);

/* How long ago an RFC 3339 time was, as units_duration() has it and " ago"; "N/A" for no time. */
void units_age(const char *time, char text[UNITS_TEXT_MAX]);

/* The same without " ago". */
void units_since(const char *time, char text[UNITS_TEXT_MAX]);

/* "2026-11-24 04:25:11 +0000 UTC" from RFC 3339; the text itself when it is no time. */
void units_date(const char *time, char text[UNITS_TEXT_MAX]);

/*
 * A point in time as --since and --until take it: RFC 3339 (also without zone, seconds or time of
 * day), seconds since 1970 with an optional fraction, or a duration back from now. Returns 0 or
 * E_USAGE.
 */
int units_parse_time(const char *text, int64_t *seconds, long *nanoseconds, struct err *err);

#endif
