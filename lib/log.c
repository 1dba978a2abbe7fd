/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/err.h"

static const char *log_prog = "kist";
static enum log_level log_level = LOG_LEVEL_WARN;

void log_start(const char *prog, enum log_level level)
{
	log_prog = prog;
	log_level = level;
}

enum log_level log_level_get(void)
{
	return log_level;
}

__attribute__((format(printf, 2, 0))) static void log_line(
	const char *kind, const char *fmt, va_list ap)
{
	struct err line;

	err_vset(&line, 1, fmt, ap); /* for its escaping of control characters */
	fprintf(stderr, "%s: %s%s\n", log_prog, kind, line.msg);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	if (log_level < LOG_LEVEL_WARN)
		return;
	va_start(ap, fmt);
	log_line("warning: ", fmt, ap);
	va_end(ap);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (log_level < LOG_LEVEL_DEBUG)
		return;
	va_start(ap, fmt);
	log_line("", fmt, ap);
	va_end(ap);
}
