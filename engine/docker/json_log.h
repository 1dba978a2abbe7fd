/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a container's log: docker's json-file, with "log64" for bytes that are no UTF-8. */
#ifndef KIST_ENGINE_JSON_LOG_H
#define KIST_ENGINE_JSON_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

/* One line of the file; zeroed at first, its memory is used again for the next. */
struct json_log_line {
	struct buf log;  /* the bytes as the container wrote them */
	struct buf time; /* RFC 3339 */
	bool is_stderr;
	struct buf stream, log64;
};

void json_log_line_release(struct json_log_line *line);

/* Decode a line. Returns 0, or E_SYNTAX for one that is none (cut short by a crash). */
int json_log_decode(const char *text, size_t len, struct json_log_line *line, struct err *err);

/*
 * Where the last n lines of the file begin. Returns the offset, or an error.
 */
off_t json_log_tail(int fd, uint64_t n, struct err *err);

#endif
