/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of a container's log in docker's json-file format:
 * {"log":"hello\n","stream":"stdout","time":"2026-11-24T04:25:11.334953633Z"} and LF. "log" without
 * a "\n" at its end is continued by the next line of its stream. Bytes that are not UTF-8 are
 * replaced in "log" and kept, with all that is around them, in "log64" (base64, RFC 4648).
 *
 * Writing and reading are by hand: a container may write NUL, which lib/json refuses in strings
 * and docker's log has as \u0000, and a gigabyte of log shall cost no tree of values.
 */
#ifndef KIST_SPEC_LOG_LINE_H
#define KIST_SPEC_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/* The most bytes of output that one line carries. */
#define LOG_LINE_MAX (16 * 1024)

/* A line that was read; zeroed at first, its memory is used again for the next one. */
struct log_line {
	struct buf log;  /* the bytes as the container wrote them */
	struct buf time; /* RFC 3339; may be empty */
	bool is_stderr;
	struct buf stream, log64;
};

void log_line_release(struct log_line *line);

/* Append the line for len bytes; stream is "stdout" or "stderr", time RFC 3339. */
void log_line_write(
	struct buf *out, const char *data, size_t len, const char *stream, const char *time);

/* Read one line without its LF. Returns 0, or E_SYNTAX for one that is none (cut by a crash). */
int log_line_read(const char *text, size_t len, struct log_line *line, struct err *err);

/*
 * How many of the LOG_LINE_MAX bytes at data go into one line of an overlong one, so that it is
 * cut between characters, if it is UTF-8 at all.
 */
size_t log_line_cut(const char *data);

#endif
