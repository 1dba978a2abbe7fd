/* SPDX-License-Identifier: Apache-2.0 */
/* What programs tell people on stderr besides their one final error. Library code never calls it.
 */
#ifndef KIST_LIB_LOG_H
#define KIST_LIB_LOG_H

enum log_level { LOG_LEVEL_QUIET, LOG_LEVEL_WARN, LOG_LEVEL_DEBUG };

/* Called once by main(): the name in front of each line, and what is shown. */
void log_start(const char *prog, enum log_level level);
enum log_level log_level_get(void);

/*
 * Where lines go instead of to stderr, as long as the process lives or until another is given;
 * NULL: stderr again. level is "warning" or "debug"; what comes in text has no control characters.
 */
void log_to(void (*sink)(const char *level, const char *text));

/* "prog: warning: text" */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "prog: text", only with --debug */
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
