/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's log, a file of lines as spec/log_line.h says. A line of output over LOG_LINE_MAX
 * becomes several, of which only the last ends in "\n".
 */
#ifndef KIST_RUNTIME_MONITOR_LOG_H
#define KIST_RUNTIME_MONITOR_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

struct monitor_log {
	int fd;          /* -1: no log */
	bool failing;    /* the last write failed, and was told */
	struct buf text; /* records under construction */
};

/* The beginning of a line whose end has not come yet; one per stream, zeroed at first. */
struct monitor_log_line {
	const char *stream; /* "stdout" or "stderr" */
	struct buf held;
};

/*
 * Open path for appending, 0600. A record that a killed monitor left half-written at the end is
 * cut off. Returns 0; monitor_log_close() closes.
 */
int monitor_log_open(struct monitor_log *log, const char *path, struct err *err);
void monitor_log_close(struct monitor_log *log);

/*
 * Append output to the log; a last line without its end is held back in *line. A full disk does
 * not end the container: the records are dropped whole, with one warning, and the next ones tried.
 */
void monitor_log_add(
	struct monitor_log *log, struct monitor_log_line *line, const char *data, size_t len);

/* The stream has ended: write what was held back. */
void monitor_log_end(struct monitor_log *log, struct monitor_log_line *line);

#endif
