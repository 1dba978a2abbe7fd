/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-monitor writes to --ready-fd: {"pid":1234} when the container's process runs,
 * {"error":"...","code":1041} when it could not be started. With its caller's streams it keeps the
 * descriptor open as long as it uses them; when it leaves them while the container runs on, a
 * second line says why: {"left":"keys"} when the detach keys were typed, {"left":"unread"} when
 * nobody reads its stdout or stderr any more.
 */
#ifndef KIST_SPEC_READY_LINE_H
#define KIST_SPEC_READY_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

#define READY_LEFT_KEYS   "keys"
#define READY_LEFT_UNREAD "unread"

/* The line for a process that runs, or (error not NULL, with a code) for why there is none. */
void ready_line_write(int64_t pid, const struct err *error, struct buf *out);

/* The second line. */
void ready_line_write_left(const char *why, struct buf *out);

/*
 * Read the first line of what the monitor wrote; nothing at all means that it died. Returns 0 with
 * *pid, or the start's error, of which E_COMMAND_NOT_FOUND and E_COMMAND_NOT_EXECUTABLE are
 * the command's fault.
 */
int ready_line_read(const char *text, size_t len, int64_t *pid, struct err *err);

/* Does the second line say that the monitor left for this reason? */
bool ready_line_left(const char *text, size_t len, const char *why);

#endif
