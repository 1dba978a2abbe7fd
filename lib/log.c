/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/err.h"

static const char *log_prog = "kist";
static enum log_level log_level = LOG_LEVEL_WARN;
static void (*log_sink)(const char *level, const char *text);

void log_start(const char *prog, enum log_level level)
{
	log_prog = prog;
	log_level = level;
}

void log_to(void (*sink)(const char *level, const char *text))
{
	log_sink = sink;
}

enum log_level log_level_get(void)
{
	return log_level;
}

__attribute__((format(printf, 2, 0))) static void log_line(
	const char *level, const char *fmt, va_list ap)
{
	struct err line;

	err_vset(&line, 1, fmt, ap); /* for its escaping of control characters */
	if (log_sink)
		log_sink(level, line.msg);
	else
		fprintf(stderr, "%s: %s%s\n", log_prog, *level == 'w' ? "warning: " : "", line.msg);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	if (log_level < LOG_LEVEL_WARN)
		return;
	va_start(ap, fmt);
	log_line("warning", fmt, ap);
	va_end(ap);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	if (log_level < LOG_LEVEL_DEBUG)
		return;
	va_start(ap, fmt);
	log_line("debug", fmt, ap);
	va_end(ap);
}
