/* SPDX-License-Identifier: Apache-2.0 */
/* Durations as Go reads and prints them. */
#ifndef KIST_LIB_DURATION_H
#define KIST_LIB_DURATION_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Durations ("1h30m", "1.5s", "100ms", "0") as nanoseconds. Returns 0 or E_SYNTAX in Go's
 * words.
 */
int duration_parse(const char *text, int64_t *nanoseconds, struct err *err);

/* The same backwards, as Go prints them: "1m30s", "1.5s", "0s". */
void duration_format(int64_t nanoseconds, struct buf *out);

#endif
