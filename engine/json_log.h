/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a container's log: docker's json-file, with "log64" for bytes that are no UTF-8. */
#ifndef KIST_ENGINE_JSON_LOG_H
#define KIST_ENGINE_JSON_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

struct json_log_record {
	const char *data; /* the bytes as the container wrote them */
	size_t len;
	const char *time; /* RFC 3339 */
	bool is_stderr;
};

/*
 * Decode one line of the file. Everything in *record lives in *bytes and *arena. Returns 0, or
 * E_SYNTAX for a line that is none (cut short by a crash).
 */
struct arena;
int json_log_decode(const char *line, size_t len, struct json_log_record *record, struct buf *bytes,
	struct arena *a, struct err *err);

/*
 * Where the last n lines of the file begin. Returns the offset, or an error.
 */
off_t json_log_tail(int fd, uint64_t n, struct err *err);

#endif
