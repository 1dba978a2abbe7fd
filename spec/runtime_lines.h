/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-runtime says to who started it, in the form of every OCI runtime: a line of its --log
 * in JSON, and the state of a container (runtime-spec, runtime.md, State), as "state" and "list"
 * print it and hooks get it.
 */
#ifndef KIST_SPEC_RUNTIME_LINES_H
#define KIST_SPEC_RUNTIME_LINES_H

#include "lib/schema.h"

struct runtime_log_line {
	const char *level; /* "debug", "info", "warning", "error" */
	const char *msg;
	const char *time; /* RFC 3339 */
	int64_t code;     /* kist-runtime's alone: an errno or one of enum err_code; 0: none */
};

struct runtime_state {
	const char *oci_version, *id;
	const char *status; /* "creating", "created", "running", "paused", "stopped" */
	int64_t *pid;       /* of the first process, on this host; NULL: there is none */
	const char *bundle;
	const char *rootfs, *created, *owner; /* what runc says, too; NULL: hooks do not get it */
	struct string_map annotations;
};

extern const struct schema runtime_log_line_schema, runtime_state_schema;

/*
 * The last line of a log that tells of an error, its strings in a; false when there is none. What
 * is no such line is passed over.
 */
bool runtime_log_last_error(const char *log, struct runtime_log_line *line, struct arena *a);

#endif
