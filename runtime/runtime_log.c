/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/runtime_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/own.h"
#include "spec/runtime_lines.h"

static int file = -1; /* -1: none, lines go to stderr */
static bool as_json;

/* code 0: none. */
static void write_line(int fd, const char *level, const char *text, int code)
{
	own_arena struct arena a = {0};
	own_buf struct buf line = {0};
	char now[IO_TIME_MAX];

	io_time_now(now);
	if (as_json) {
		const struct runtime_log_line said = {level, text, now, code};

		json_write(schema_encode(&runtime_log_line_schema, &said, &a), JSON_COMPACT, &line);
	} else {
		buf_addf(&line, "time=\"%s\" level=%s msg=", now, level);
		json_write_string(text, strlen(text), &line);
	}
	buf_addc(&line, '\n');
	/* a full disk is no reason to fail */
	io_write_full(fd, line.data, line.len);
}

static void sink(const char *level, const char *text)
{
	write_line(file >= 0 ? file : 2, level, text, 0);
}

int runtime_log_start(const struct runtime_options *o, struct err *err)
{
	as_json = o->log_format && strcmp(o->log_format, "json") == 0;
	if (o->log && *o->log) {
		file = open(o->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
		if (file < 0)
			return err_errno(err, "cannot open the log '%s'", o->log);
	}
	if (o->debug)
		log_start("kist-runtime", LOG_LEVEL_DEBUG);
	if (o->debug || o->log_format || file >= 0)
		log_to(sink);
	return 0;
}

void runtime_log_error(const struct err *why)
{
	if (file >= 0)
		write_line(file, "error", why->msg, why->code);
}

void runtime_log_stop(void)
{
	log_start("kist-runtime", LOG_LEVEL_QUIET);
	log_to(NULL);
	own_fd_release(&file);
	file = -1;
}
