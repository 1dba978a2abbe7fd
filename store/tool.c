/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tool.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "store/snapshot.h"
#include "store/tool/cmd.h"

/* What a call of the table carries with it. */
struct context {
	struct store_session *session;
	const struct tool_io *io;
};

static const struct cli_option globals[] = {
	OPT_STRING(struct global_options, root, "root", 0, "DIR",
		"where images and containers are (KIST_ROOT, /var/lib/kist)"),
	OPT_STRING(struct global_options, run, "run", 0, "DIR",
		"where the state of what runs is (KIST_RUN, /run/kist)"),
};

static const struct cli_command *const verbs[] = {
	&tool_put,
	&tool_get,
	&tool_ls,
	&tool_inspect,
	&tool_load,
	&tool_save,
	&tool_tag,
	&tool_untag,
	&tool_containers,
	&tool_create,
	&tool_mount,
	&tool_record,
	&tool_rename,
	&tool_wait,
	&tool_settle,
	&tool_forget_run,
	&tool_rm,
	&tool_volume_create,
	&tool_volume_ls,
	&tool_volume_inspect,
	&tool_volume_populate,
	&tool_volume_rm,
	&tool_gc,
	&tool_fsck,
};

static const struct cli_program kist_store = {
	.name = "kist-store",
	.help = "Keep images, layers and containers on disk",
	.options = globals,
	.noptions = ARRAY_LEN(globals),
	.options_size = sizeof(struct global_options),
	.ncommands = ARRAY_LEN(verbs),
	.details = "The images are an OCI image layout, which other tools can read as it stands.",
};

/* The program with its rows, which the caller has room for, and the context of a call. */
static struct cli_program program_of(
	struct cli_command rows[ARRAY_LEN(verbs)], struct context *context)
{
	struct cli_program program = kist_store;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		rows[i] = *verbs[i];
	program.commands = rows;
	program.context = context;
	return program;
}

/* ---- for the verbs ---- */

struct store_session *tool_closed_session(const struct cli_call *call)
{
	const struct context *context = call->program->context;

	return context->session;
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
	return store_session_open(s, err) < 0 ? NULL : s;
}

const struct tool_io *tool_io(const struct cli_call *call)
{
	const struct context *context = call->program->context;

	return context->io;
}

int tool_read_object(const struct cli_call *call, const char *path, const char *what,
	const struct json **object, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	const struct json *value;

	if (strcmp(path, "-") == 0
			? io_read_fd(tool_io(call)->in, JSON_DOCUMENT_MAX, "stdin", &text, err) < 0
			: io_read_file(AT_FDCWD, path, JSON_DOCUMENT_MAX, &text, err) < 0)
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

/* ---- for everybody ---- */

int store_tool(struct store_session *s, const struct tool_io *io, const char *const argv[],
	struct err *err)
{
	struct context context = {s, io};
	struct cli_command rows[ARRAY_LEN(verbs)];
	const struct cli_program program = program_of(rows, &context);
	own_mem char **words = NULL;
	size_t n = 0;

	while (argv[n])
		n++;
	/* the parser moves the words, it changes none of them */
	words = xcalloc(n + 1, sizeof(*words));
	for (size_t i = 1; i < n; i++)
		words[i - 1] = (char *)argv[i];
	return cli_run(&program, words, err);
}

int tool_mount_enter(void *arg, struct err *err)
{
	const struct tool_mount *place = arg;
	int r = snapshot_enter_private(err);

	return r < 0 ? r : snapshot_attach(place->mount, place->dir, err);
}

int store_tool_main(int argc, char **argv)
{
	static const struct tool_io io = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
	own_store_session struct store_session session = STORE_SESSION_INIT;
	struct context context = {&session, &io};
	struct cli_command rows[ARRAY_LEN(verbs)];
	const struct cli_program program = program_of(rows, &context);

	return cli_main(&program, argc, argv);
}
