/* SPDX-License-Identifier: Apache-2.0 */
/* What a verb has to work with: its session, its streams, sentences for people. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/userns.h"
#include "store/tool/cmd.h"

struct store_session *tool_closed_session(const struct cli_call *call)
{
	const struct tool_context *context = call->program->context;

	return context->session;
}

int tool_enter(const struct cli_call *call, struct err *err)
{
	const struct tool_context *context = call->program->context;
	const struct global_options *global = call->global;
	own_buf struct buf said = {0};

	if (!context->program || context->session->store)
		return 0;
	if (userns_enter(global->root, global->run, &said, err) < 0)
		return -err->code;
	if (said.len)
		log_warn("%s", buf_str(&said));
	return 0;
}

struct store_session *tool_session(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_closed_session(call);
	const struct global_options *global = call->global;

	if (global->root || global->run) {
		if (s->store) {
			err_set(err, EINVAL, "kist-store --root and --run: this store is open");
			return NULL;
		}
		s->root = global->root;
		s->run = global->run;
	}
	return tool_enter(call, err) < 0 || store_session_open(s, err) < 0 ? NULL : s;
}

const struct tool_io *tool_io(const struct cli_call *call)
{
	const struct tool_context *context = call->program->context;

	return context->io;
}

int tool_read(const struct cli_call *call, const char *path, size_t max, struct buf *text,
	struct err *err)
{
	return strcmp(path, "-") == 0 ? io_read_fd(tool_io(call)->in, max, "stdin", text, err)
				      : io_read_file(AT_FDCWD, path, max, text, err);
}

int tool_read_object(const struct cli_call *call, const char *path, const char *what,
	const struct json **object, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	const struct json *value;

	if (tool_read(call, path, JSON_DOCUMENT_MAX, &text, err) < 0)
		return -err->code;
	value = json_parse(a, buf_str(&text), text.len, JSON_DOCUMENT_MAX, err);
	if (!value)
		return err_wrap(err, "%s", what);
	if (value->type != JSON_OBJECT)
		return err_set(err, E_SYNTAX, "%s: expected a JSON object", what);
	*object = value;
	return 0;
}

int tool_write(const struct cli_call *call, const void *data, size_t len, struct err *err)
{
	int r = io_write_full(tool_io(call)->out, data, len);

	return r < 0 ? err_set(err, -r, "cannot write to standard output: %s", strerror(-r)) : 0;
}

int tool_write_line(const struct cli_call *call, const char *text, struct err *err)
{
	own_mem char *line = xasprintf("%s\n", text);

	return tool_write(call, line, strlen(line), err);
}

int tool_write_json(const struct cli_call *call, const struct json *value, struct err *err)
{
	int r = json_write_line(tool_io(call)->out, value, err);

	return r < 0 ? r : 0;
}

void tool_notice(const struct cli_call *call, const char *fmt, ...)
{
	struct err line; /* for its escaping of control characters */
	va_list ap;

	if (tool_io(call)->notice <= 0)
		return;
	va_start(ap, fmt);
	err_vset(&line, 1, fmt, ap);
	va_end(ap);
	dprintf(tool_io(call)->notice, "%s\n", line.msg);
}

void tool_notice_all(const struct cli_call *call, const struct strings *sentences)
{
	for (size_t i = 0; i < sentences->count; i++)
		tool_notice(call, "kist-store: warning: %s", sentences->items[i]);
}
