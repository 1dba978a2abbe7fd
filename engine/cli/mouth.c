/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/mouth.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/userns.h"

void mouth_release(struct mouth *m)
{
	progress_view_release(&m->view);
	engine_release(&m->engine);
}

/* ---- the sink ---- */

static void notice(struct sink *sink, const char *text)
{
	(void)sink;
	fflush(stdout);
	fprintf(stderr, "%s\n", text);
}

static int output(
	struct sink *sink, enum sink_stream stream, const void *bytes, size_t len, struct err *err)
{
	FILE *to = stream == SINK_STDERR ? stderr : stdout;

	(void)sink;
	/* where both are one file, they stay in order */
	if (to == stderr && fflush(stdout) != 0)
		return err_errno(err, "cannot write");
	return fwrite(bytes, 1, len, to) == len ? 0 : err_errno(err, "cannot write");
}

static int flush(struct sink *sink, struct err *err)
{
	(void)sink;
	return fflush(stdout) == 0 ? 0 : err_errno(err, "cannot write");
}

static void progress(struct sink *sink, enum sink_stream to, enum subject_kind about,
	const struct progress_line *line)
{
	struct mouth *m = (struct mouth *)sink;

	fflush(stdout);
	m->view.fd = to == SINK_STDERR ? STDERR_FILENO : STDOUT_FILENO;
	progress_view_tell(&m->view, about, line);
}

static int result(struct sink *sink, const struct result *result, struct err *err)
{
	(void)sink;
	(void)err;
	if (result->kind == RESULT_LINE)
		printf("%s\n", result->line);
	else if (result->kind == RESULT_STATUS)
		printf("%lld\n", (long long)result->status);
	return 0;
}

/* ---- opening and ending ---- */

/* The words of our command line behind the program's name, without --plan. */
static void read_words(struct strings *list, struct arena *a)
{
	own_buf struct buf words = {0};

	if (io_read_file(AT_FDCWD, "/proc/self/cmdline", 1 << 20, &words, &(struct err){0}) < 0)
		return;
	for (const char *w = words.data + strlen(words.data) + 1; w < words.data + words.len;
		w += strlen(w) + 1)
		if (strcmp(w, "--plan") != 0)
			strings_add(a, list, arena_strdup(a, w));
}

/* The script's first line: the command line that it stands for, without --pulled. In the arena. */
static const char *title(const struct strings *words, struct arena *a)
{
	own_buf struct buf text = {0};

	buf_adds(&text, "kist");
	for (size_t i = 1; i < words->count; i++) {
		buf_addc(&text, ' ');
		buf_add_shell_word(&text, words->items[i]);
	}
	for (char *c = text.data; *c; c++)
		if (*c == '\n')
			*c = ' '; /* it is a comment */
	return arena_strdup(a, text.data);
}

int mouth_enter(const struct cli_call *call, struct err *err)
{
	const struct mouth_options *o = call->global;
	own_buf struct buf said = {0};

	if (o->plan)
		return 0;
	if (userns_enter(o->root, o->run, &said, err) < 0)
		return -err->code;
	if (said.len)
		log_warn("%s", buf_str(&said));
	return 0;
}

static int open_mouth(struct mouth *m, const struct cli_call *call, struct err *err)
{
	const struct mouth_options *o = call->global;
	struct engine_options options = {.root = o->root, .run = o->run, .plan = o->plan};
	int r;

	*m = (struct mouth){.sink = {.notice = notice,
				    .progress = progress,
				    .output = output,
				    .flush = flush,
				    .result = result},
		.call = call,
		.plan = o->plan};
	if (o->debug)
		log_start("kist", LOG_LEVEL_DEBUG);
	r = engine_open(&m->engine, &options, err);
	if (r == 0 && o->plan) {
		strings_add(&m->engine.arena, &m->engine.words, "--pulled");
		read_words(&m->engine.words, &m->engine.arena);
		m->engine.plan.title = title(&m->engine.words, &m->engine.arena);
	}
	return r;
}

int mouth_open(struct mouth *m, const struct cli_call *call, struct err *err)
{
	return mouth_enter(call, err) < 0 ? -err->code : open_mouth(m, call, err);
}

int mouth_only_looks(const struct cli_call *call, struct err *err)
{
	if (!mouth_plans(call))
		return 0;
	return err_set(err, E_UNSUPPORTED, "--plan: '%s' only looks, and changes nothing (%s)",
		call->command->name, call->command->help);
}

int mouth_open_looking(struct mouth *m, const struct cli_call *call, struct err *err)
{
	*m = (struct mouth){.call = call};
	return mouth_only_looks(call, err) < 0 ? -err->code : open_mouth(m, call, err);
}

int mouth_finish(struct mouth *m, int r, struct err *err)
{
	own_buf struct buf script = {0};
	int written;

	if (!m->plan || (r < 0 && !engine_has_steps(&m->engine)))
		return r;
	if (r < 0)
		mouth_complain(m, err, &r);
	engine_script(&m->engine, &script);
	written = io_write_full(STDOUT_FILENO, buf_str(&script), script.len);
	return written < 0
		? err_set(err, -written, "cannot write the script: %s", strerror(-written))
		: 0;
}

/* ---- verbs that take several objects ---- */

void mouth_complain(struct mouth *m, const struct err *err, int *status)
{
	own_mem char *text = *err->msg ? xasprintf("kist: %s", err->msg) : NULL;

	*status = 1;
	if (m->plan)
		plan_fail(&m->engine.plan, text ? text : "");
	else if (text)
		notice(&m->sink, text);
}

int mouth_each_then(const struct cli_call *call, mouth_verb *verb,
	int (*then)(struct mouth *m, const void *options, struct err *err), struct err *err)
{
	own_mouth struct mouth m = {0};
	int status = 0;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		plan_begin(&m.engine.plan);
		if (verb(&m, call->args[i], call->options, err) < 0)
			mouth_complain(&m, err, &status);
	}
	if (then) {
		plan_begin(&m.engine.plan);
		if (then(&m, call->options, err) < 0)
			mouth_complain(&m, err, &status);
	}
	return mouth_finish(&m, m.plan ? 0 : status, err);
}

int mouth_each(const struct cli_call *call, mouth_verb *verb, struct err *err)
{
	return mouth_each_then(call, verb, NULL, err);
}

bool mouth_plans(const struct cli_call *call)
{
	return ((const struct mouth_options *)call->global)->plan;
}
