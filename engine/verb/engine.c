/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/engine.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/place.h"

void engine_release(struct engine *e)
{
	store_close(e->store);
	free(e->root_path);
	free(e->run_path);
	plan_release(&e->plan);
	arena_release(&e->arena);
}

/* The script's first line: the command line that it stands for. */
static const char *title(struct engine *e)
{
	own_buf struct buf words = {0}, text = {0};

	if (!e->options->plan ||
		io_read_file(AT_FDCWD, "/proc/self/cmdline", 1 << 20, &words, &(struct err){0}) < 0)
		return "";
	buf_adds(&text, "kist");
	for (const char *w = words.data + strlen(words.data) + 1; w < words.data + words.len;
		w += strlen(w) + 1) {
		if (strcmp(w, "--plan") == 0)
			continue;
		buf_addc(&text, ' ');
		buf_add_shell_word(&text, w);
	}
	for (char *c = text.data; *c; c++)
		if (*c == '\n')
			*c = ' '; /* it is a comment */
	return arena_strdup(&e->arena, text.data);
}

int engine_open(const struct cli_call *call, struct engine *e, struct err *err)
{
	own_place struct place place = {0};
	own_mem char *index = NULL;

	*e = (struct engine){.options = call->global};
	if (e->options->debug)
		log_start("kist", LOG_LEVEL_DEBUG);
	if (place_find(e->options->root, e->options->run, &place, err) < 0)
		return -err->code;
	e->root_path = give(place.root);
	e->run_path = give(place.run);
	e->plan.title = title(e);
	e->plan.failed_status = 1;
	/* programs that we start work on the same trees */
	if (setenv("KIST_ROOT", e->root_path, 1) < 0 || setenv("KIST_RUN", e->run_path, 1) < 0)
		return err_errno(err, "cannot set the environment");
	index = xasprintf("%s/images", e->root_path);
	if (e->options->plan && access(index, F_OK) < 0)
		return 0;
	if (store_open(e->options->root, e->options->run, 0, &e->store, err) < 0)
		return -err->code;
	return 0;
}

int engine_open_without_plan(const struct cli_call *call, struct engine *e, struct err *err)
{
	const struct engine_options *options = call->global;

	*e = (struct engine){.options = options};
	if (options->plan)
		return err_set(err, E_UNSUPPORTED,
			"--plan: '%s' starts no small tools: it only looks at the files that docs/state.md "
			"describes",
			call->command->name);
	return engine_open(call, e, err);
}

int engine_do(struct engine *e, struct err *err)
{
	return e->options->plan ? 0 : plan_execute(&e->plan, err);
}

int engine_finish(struct engine *e, struct err *err)
{
	own_buf struct buf script = {0};
	int r;

	if (!e->options->plan)
		return plan_execute(&e->plan, err);
	plan_print(&e->plan, e->root_path, e->run_path, &script);
	r = io_write_full(STDOUT_FILENO, buf_str(&script), script.len);
	return r < 0 ? err_set(err, -r, "cannot write the script: %s", strerror(-r)) : 0;
}

__attribute__((format(printf, 3, 0))) static const char *join(
	struct engine *e, const char *base, const char *fmt, va_list ap)
{
	const char *rest = arena_vprintf(&e->arena, fmt, ap);

	return arena_printf(&e->arena, "%s/%s", base, rest);
}

const char *engine_root_path(struct engine *e, const char *fmt, ...)
{
	const char *path;
	va_list ap;

	va_start(ap, fmt);
	path = join(e, e->root_path, fmt, ap);
	va_end(ap);
	return path;
}

const char *engine_run_path(struct engine *e, const char *fmt, ...)
{
	const char *path;
	va_list ap;

	va_start(ap, fmt);
	path = join(e, e->run_path, fmt, ap);
	va_end(ap);
	return path;
}

void engine_complain(const struct err *err, int *status)
{
	fflush(stdout);
	if (*err->msg)
		fprintf(stderr, "kist: %s\n", err->msg);
	*status = 1;
}
