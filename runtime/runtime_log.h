/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --log, --log-format and --debug, in runc's forms: containerd and the like read the last line to
 * learn what happened. Without any of the three a warning is a line of kist's own on stderr.
 */
#ifndef KIST_RUNTIME_RUNTIME_LOG_H
#define KIST_RUNTIME_RUNTIME_LOG_H

#include "lib/err.h"
#include "runtime/runtime.h"

/* Begin as the options say. Returns 0, or why the file cannot be written. */
int runtime_log_start(const struct runtime_options *o, struct err *err);

/* The error of the command, into the file alone: on stderr it is anyway. */
void runtime_log_error(const struct err *why);

/* In a process of ours that goes into a container: it says nothing of its own any more. */
void runtime_log_stop(void);

#endif
