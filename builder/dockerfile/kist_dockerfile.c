/* SPDX-License-Identifier: Apache-2.0 */
/* kist-dockerfile: a Dockerfile on stdin, JSON lines on stdout. */
#include <stdbool.h>
#include <stdio.h>

#include "builder/dockerfile/dockerfile.h"
#include "builder/dockerfile/dockerfile_json.h"
#include "lib/cli.h"
#include "lib/confine.h"
#include "lib/io.h"
#include "lib/own.h"

struct options {
	bool trigger;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct options, trigger, "trigger", 0,
		"the text is an ONBUILD trigger: no FROM is needed"),
};

static int add_line(const struct json *line, struct buf *out, struct err *err)
{
	size_t start = out->len;

	json_write(line, JSON_COMPACT, out);
	buf_addc(out, '\n');
	if (out->len - start > JSON_LINE_MAX)
		return err_set(err, E_LIMIT, "the instruction is longer than %u bytes as JSON",
			JSON_LINE_MAX);
	return 0;
}

static int add_lines(struct dockerfile *d, struct buf *out, struct arena *a, struct err *err)
{
	if (add_line(directives_to_json(d, a), out, err) < 0)
		return -err->code;
	for (size_t i = 0; i < d->warnings.count; i++) {
		const struct dockerfile_warning *w = &d->warnings.items[i];
		struct json *line = json_new_object(a);

		json_set_string(a, line, "warning", w->rule);
		json_set_int(a, line, "line", w->line);
		json_set_string(a, line, "text", w->text);
		if (add_line(line, out, err) < 0)
			return -err->code;
	}
	for (size_t i = 0; i < d->instructions.count; i++) {
		const struct instruction *in = &d->instructions.items[i];

		if (add_line(instruction_to_json(in, a), out, err) < 0) {
			d->error_line = (int)in->line;
			return err_wrap(err, "dockerfile parse error on line %d", d->error_line);
		}
	}
	return 0;
}

/* The reason as a line of its own, so that a program can point at the place. */
static void add_error(
	const struct dockerfile *d, struct arena *a, const struct err *err, struct buf *out)
{
	struct json *line = json_new_object(a);

	buf_reset(out);
	json_set_string(a, line, "error", err->msg);
	json_set_int(a, line, "line", d->error_line);
	json_write(line, JSON_COMPACT, out);
	buf_addc(out, '\n');
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct options *o = call->options;
	own_buf struct buf text = {0}, out = {0};
	own_arena struct arena a = {0};
	struct dockerfile d = {0};
	int r, w;

	if (confine_enter(CONFINE_DOCKERFILE, NULL, err) < 0)
		return -err->code;
	r = io_read_fd(0, DOCKERFILE_MAX, "the Dockerfile", &text, err);
	if (r >= 0)
		r = dockerfile_parse(buf_str(&text), text.len, &d, &a, err);
	if (r >= 0)
		r = dockerfile_check(&d, o->trigger ? DOCKERFILE_TRIGGER : 0, &a, err);
	if (r >= 0)
		r = add_lines(&d, &out, &a, err);
	if (r < 0)
		add_error(&d, &a, err, &out);
	w = io_write_full(1, buf_str(&out), out.len);
	if (w < 0 && r >= 0)
		return err_set(err, -w, "cannot write to standard output");
	return r < 0 ? -err->code : 0;
}

static const struct cli_command command = {
	.synopsis = "[OPTIONS] < Dockerfile",
	.help = "parse a Dockerfile into JSON lines, one for each instruction",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct options),
	.run = run,
};

int main(int argc, char **argv)
{
	static const struct cli_program program = {
		.name = "kist-dockerfile",
		.help = "parse a Dockerfile into JSON lines",
		.commands = &command,
		.ncommands = 1,
		.details =
			"The text is read from standard input. The first line of the output has the "
			"directives, then comes one line for each instruction. A Dockerfile with a "
			"mistake gives one line with \"error\" and \"line\", and exit status 1.\n\n"
			"Before it reads the first byte the program gives up every capability and all "
			"system calls but reading, writing, memory and exit.",
	};

	return cli_main(&program, argc, argv);
}
