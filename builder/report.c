/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

int report_init(struct report *p, const char *mode, struct err *err)
{
	memset(p, 0, sizeof(*p));
	if (!mode || strcmp(mode, "auto") == 0 || strcmp(mode, "plain") == 0 ||
		strcmp(mode, "tty") == 0)
		p->text = true;
	else if (strcmp(mode, "json") != 0 && strcmp(mode, "quiet") != 0 &&
		strcmp(mode, "none") != 0)
		return err_set(err, E_USAGE,
			"invalid progress mode %s (auto, plain, tty, json, quiet or none)", mode);
	/* on a terminal the text is enough; who asks for json gets it there, too */
	p->json = !mode || strcmp(mode, "auto") == 0 ? !isatty(1) : strcmp(mode, "json") == 0;
	p->id_only = mode && strcmp(mode, "quiet") == 0;
	return 0;
}

static void forget_tail(struct report *p)
{
	for (size_t i = 0; i < REPORT_TAIL_LINES; i++) {
		free(p->tail[i]);
		p->tail[i] = NULL;
	}
	p->tail_next = 0;
}

void report_release(struct report *p)
{
	forget_tail(p);
	free(p->name);
	free(p->partial);
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static double elapsed(const struct report *p)
{
	return (double)(now() - p->started) / 1e9;
}

/* Text from outside, one line: control characters other than tab do not reach the terminal. */
static void add_escaped(struct buf *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_addc(out, s[i]);
	}
}

static void print(const struct buf *line)
{
	/* stderr that is gone is no reason to end a build */
	if (io_write_full(2, buf_str(line), line->len) < 0)
		return;
}

static void say(struct report *p, const char *text)
{
	own_buf struct buf line = {0};

	if (!p->text)
		return;
	buf_addf(&line, "#%d ", p->number);
	add_escaped(&line, text, strlen(text));
	buf_addc(&line, '\n');
	print(&line);
}

void report_line(struct report *p, const struct progress_line *line)
{
	own_buf struct buf text = {0};

	if (!p->json || p->json_lost)
		return;
	progress_line_write(line, &text);
	/* a reader that went away is told of when the last line is written, which decides */
	if (io_write_full(1, text.data, text.len) < 0)
		p->json_lost = true;
}

void report_begin(struct report *p, const char *fmt, ...)
{
	va_list ap;
	own_buf struct buf name = {0};

	va_start(ap, fmt);
	buf_vaddf(&name, fmt, ap);
	va_end(ap);
	forget_tail(p);
	free(p->name);
	p->name = buf_give(&name);
	p->number++;
	p->started = now();
	say(p, p->name);
}

void report_step(struct report *p, int step, int steps, const char *text, bool cached)
{
	report_line(p,
		&(struct progress_line){.status = PROGRESS_STEP,
			.step = step,
			.steps = steps,
			.text = text,
			.cached = cached});
}

void report_note(struct report *p, const char *fmt, ...)
{
	va_list ap;
	own_buf struct buf text = {0};

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	say(p, buf_str(&text));
}

static void output_line(struct report *p, const char *text, size_t len)
{
	own_buf struct buf line = {0};
	own_arena struct arena a = {0};
	char **slot = &p->tail[p->tail_next++ % REPORT_TAIL_LINES];

	if (len && text[len - 1] == '\r')
		len--;
	buf_addf(&line, "%.3f ", elapsed(p));
	add_escaped(&line, text, len);
	free(*slot);
	*slot = xstrdup(buf_str(&line));
	say(p, buf_str(&line));
	if (p->json)
		report_line(p,
			&(struct progress_line){
				.status = PROGRESS_OUTPUT, .text = arena_strndup(&a, text, len)});
}

static void flush_partial(struct report *p)
{
	if (p->partial_len)
		output_line(p, p->partial, p->partial_len);
	p->partial_len = 0;
}

void report_output(struct report *p, const char *data, size_t len)
{
	if (!p->partial)
		p->partial = xmalloc(REPORT_LINE_MAX);
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n') {
			output_line(p, p->partial, p->partial_len);
			p->partial_len = 0;
			continue;
		}
		p->partial[p->partial_len++] = data[i];
		if (p->partial_len == REPORT_LINE_MAX)
			flush_partial(p);
	}
}

static void end_vertex(struct report *p, const char *text)
{
	flush_partial(p);
	say(p, text);
	if (p->text && io_write_full(2, "\n", 1) < 0)
		p->text = false;
}

void report_done(struct report *p)
{
	char text[40];

	snprintf(text, sizeof(text), "DONE %.1fs", elapsed(p));
	end_vertex(p, text);
}

void report_cached(struct report *p)
{
	end_vertex(p, "CACHED");
}

void report_error(struct report *p, const struct err *err)
{
	own_buf struct buf text = {0};

	buf_addf(&text, "ERROR: %s", err->msg);
	end_vertex(p, buf_str(&text));
}

void report_show_tail(struct report *p)
{
	own_buf struct buf out = {0};

	if (!p->name || !p->tail_next)
		return;
	buf_adds(&out, "------\n > ");
	add_escaped(&out, p->name, strlen(p->name));
	buf_adds(&out, ":\n");
	for (size_t i = 0; i < REPORT_TAIL_LINES; i++) {
		const char *line = p->tail[(p->tail_next + i) % REPORT_TAIL_LINES];

		if (line)
			buf_addf(&out, "%s\n", line);
	}
	buf_adds(&out, "------\n");
	print(&out);
}

void report_warning(struct report *p, const char *fmt, ...)
{
	va_list ap;
	own_buf struct buf text = {0}, line = {0};

	if (!p->text)
		return;
	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	add_escaped(&line, buf_str(&text), text.len);
	buf_addc(&line, '\n');
	print(&line);
}
