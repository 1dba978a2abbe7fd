/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one line that kist-monitor writes to --ready-fd: {"pid":1234} when the container's process
 * runs, {"error":"...","code":1041} when it could not be started.
 */
#ifndef KIST_SPEC_READY_LINE_H
#define KIST_SPEC_READY_LINE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/schema.h"

struct ready_line {
	int64_t pid;
	const char *error; /* NULL: it runs */
	int64_t code;      /* of the error: an errno or one of enum err_code */
};

extern const struct schema ready_line_schema;

/* The line for a process that runs, or (error not NULL, with a code) for why there is none. */
void ready_line_write(int64_t pid, const struct err *error, struct buf *out);

/*
 * Read what the monitor wrote until it closed its end; nothing at all means that it died. Returns
 * 0 with *pid, or the start's error, of which E_COMMAND_NOT_FOUND and E_COMMAND_NOT_EXECUTABLE are
 * the command's fault.
 */
int ready_line_read(const char *text, size_t len, int64_t *pid, struct err *err);

#endif
