/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/tool.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/docker/names.h"
#include "engine/verb/hello.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/size.h"
#include "spec/network_definition.h"
#include "spec/runtime_lines.h"
#include "spec/store_lines.h"

static int hello_image(
	const struct tool_io *io, const char *word, int64_t *reclaimed, struct err *err)
{
	own_fd int fd = hello_image_open(err);
	int64_t n;

	(void)word;
	(void)reclaimed;
	if (fd < 0)
		return fd;
	n = io_copy(fd, io->out, err);
	return n < 0 ? (int)n : 0;
}

/* ---- tell ---- */

static int tell_loaded(const struct json *object, struct arena *a, struct buf *out,
	int64_t *reclaimed, struct err *err)
{
	struct loaded_line line;

	(void)reclaimed;
	if (schema_decode(&loaded_line_schema, object, &line, a, err) < 0)
		return -err->code;
	if (line.reference)
		buf_addf(out, "Loaded image: %s\n", names_familiar(line.reference, a));
	else
		buf_addf(out, "Loaded image ID: %s\n", line.id);
	return 0;
}

static int tell_reclaimed(const struct json *object, struct arena *a, struct buf *out,
	int64_t *reclaimed, struct err *err)
{
	char text[SIZE_TEXT_MAX];
	struct gc_line line;

	if (schema_decode(&gc_line_schema, object, &line, a, err) < 0)
		return -err->code;
	*reclaimed = line.bytes > INT64_MAX ? INT64_MAX : (int64_t)line.bytes;
	size_decimal(*reclaimed, 4, text);
	buf_addf(out, "Total reclaimed space: %s\n", text);
	return 0;
}

static int tell_id(const struct json *object, struct arena *a, struct buf *out, int64_t *reclaimed,
	struct err *err)
{
	struct network_definition network;

	(void)reclaimed;
	if (schema_decode(&network_definition_schema, object, &network, a, err) < 0)
		return -err->code;
	buf_addf(out, "%s\n", network.id ? network.id : "");
	return 0;
}

static const struct telling {
	const char *what;
	int (*tell)(const struct json *object, struct arena *a, struct buf *out, int64_t *reclaimed,
		struct err *err);
} tellings[] = {{"id", tell_id}, {"loaded", tell_loaded}, {"reclaimed", tell_reclaimed}};

static int tell(const struct tool_io *io, const char *what, int64_t *reclaimed, struct err *err)
{
	const struct telling *t = NULL;
	own_arena struct arena a = {0};
	own_buf struct buf text = {0}, out = {0};
	int64_t freed;
	int r;

	for (size_t i = 0; i < ARRAY_LEN(tellings); i++)
		if (strcmp(tellings[i].what, what) == 0)
			t = &tellings[i];
	if (!t)
		return err_set(err, E_USAGE, "kist tell: nobody says '%.40s'", what);
	if (io_read_fd(io->in, JSON_DOCUMENT_MAX, "what is to be told", &text, err) < 0)
		return -err->code;
	for (const char *at = buf_str(&text); *at;) {
		size_t n = strcspn(at, "\n");
		const struct json *line = json_parse(&a, at, n, JSON_LINE_MAX, err);

		if (!line || t->tell(line, &a, &out, reclaimed ? reclaimed : &freed, err) < 0)
			return err_wrap(err, "kist tell %s", what);
		at += n + (at[n] == '\n');
	}
	r = io_write_full(io->out, buf_str(&out), out.len);
	return r < 0 ? err_set(err, -r, "cannot write: %s", strerror(-r)) : 0;
}

/* ---- exec-failed ---- */

static int exec_failed(
	const struct tool_io *io, const char *log, int64_t *reclaimed, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct runtime_log_line line;
	struct err unread;

	(void)io;
	(void)reclaimed;
	if (io_read_file(AT_FDCWD, log, JSON_DOCUMENT_MAX, &text, &unread) == 0)
		unlink(log);
	if (!runtime_log_last_error(buf_str(&text), &line, &a))
		return err_set(err, E_CHILD, "the runtime could not start the command");
	return err_set(err, line.code > 0 && line.code <= INT32_MAX ? (int)line.code : E_CHILD,
		"%s", line.msg);
}

static const struct tool {
	const char *name;
	bool word; /* it takes one */
	int (*run)(const struct tool_io *io, const char *word, int64_t *reclaimed, struct err *err);
} tools[] = {{"hello-image", false, hello_image}, {"tell", true, tell},
	{"exec-failed", true, exec_failed}};

int engine_tool(
	const struct tool_io *io, const char *const argv[], int64_t *reclaimed, struct err *err)
{
	for (size_t i = 0; argv[1] && i < ARRAY_LEN(tools); i++)
		if (strcmp(tools[i].name, argv[1]) == 0 && !argv[2] == !tools[i].word)
			return tools[i].run(io, argv[2], reclaimed, err);
	return err_set(err, E_USAGE, "kist %s: not one of a plan's words", argv[1] ? argv[1] : "");
}
