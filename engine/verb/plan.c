/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/output.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"

void plan_release(struct plan *p)
{
	arena_release(&p->arena);
}

/* ---- building ---- */

void plan_begin(struct plan *p)
{
	struct plan_group *g = arena_alloc(&p->arena, sizeof(*g));

	if (p->group)
		p->group->next = g;
	else
		p->first = g;
	p->group = g;
	p->undo = NULL;
}

static struct plan_group *group_of(struct plan *p)
{
	if (!p->group)
		plan_begin(p);
	return p->group;
}

static void append(struct step_list *list, struct step *s)
{
	if (list->last)
		list->last->next = s;
	else
		list->first = s;
	list->last = s;
}

static struct step *add(struct plan *p, enum step_kind kind, const char *first)
{
	struct plan_group *group = group_of(p);
	struct step *s = arena_alloc(&p->arena, sizeof(*s));

	s->kind = kind;
	s->undo = p->into ? NULL : p->undo;
	step_add(p, s, first);
	append(p->into ? p->into : &group->steps, s);
	return s;
}

void step_add(struct plan *p, struct step *s, const char *arg)
{
	strings_add(&p->arena, &s->argv, arena_strdup(&p->arena, arg));
}

void step_add2(struct plan *p, struct step *s, const char *option, const char *value)
{
	step_add(p, s, option);
	step_add(p, s, value);
}

void step_about(struct plan *p, struct step *s, enum subject_kind about, const char *object)
{
	s->about = about;
	s->object = arena_strdup(&p->arena, object);
}

static void add_args(struct plan *p, struct step *s, va_list ap)
{
	const char *arg;

	while ((arg = va_arg(ap, const char *)))
		step_add(p, s, arg);
}

struct step *plan_program(struct plan *p, const char *program, ...)
{
	struct step *s = add(p, STEP_PROGRAM, program);
	va_list ap;

	va_start(ap, program);
	add_args(p, s, ap);
	va_end(ap);
	return s;
}

struct step *plan_progress(struct plan *p, enum subject_kind tell)
{
	const char *program = tell == ABOUT_PUSH ? "kist-push" : "kist-pull";
	struct step *s = plan_program(p, program, "--progress-fd", "3", NULL);

	s->tell = tell;
	return s;
}

void plan_variable(struct plan *p, const char *name, const char *value)
{
	string_map_set(&p->arena, &group_of(p)->variables, arena_strdup(&p->arena, name),
		arena_strdup(&p->arena, value));
}

bool plan_has_variables(const struct plan *p)
{
	return p->group && p->group->variables.count;
}

struct step *plan_pipe(struct plan *p, struct step *s, const char *program, ...)
{
	struct step *into = arena_alloc(&p->arena, sizeof(*into));
	va_list ap;

	into->kind = STEP_PROGRAM;
	step_add(p, into, program);
	va_start(ap, program);
	add_args(p, into, ap);
	va_end(ap);
	s->into = into;
	return into;
}

struct step *plan_file(struct plan *p, const char *path, mode_t mode, const char *content)
{
	struct step *s = add(p, STEP_FILE, path);

	s->mode = mode;
	s->input = content ? arena_strdup(&p->arena, content) : NULL;
	return s;
}

struct step *plan_directory(struct plan *p, const char *path, mode_t mode)
{
	struct step *s = add(p, STEP_DIRECTORY, path);

	s->mode = mode;
	return s;
}

struct step *plan_remove(struct plan *p, const char *path)
{
	return add(p, STEP_REMOVE, path);
}

struct step *plan_rest(struct plan *p, const struct strings *words)
{
	struct step *s = add(p, STEP_REST, "kist");

	step_add(p, s, "--plan");
	for (size_t i = 0; i < words->count; i++)
		step_add(p, s, words->items[i]);
	return s;
}

struct step *plan_say(struct plan *p, const char *line)
{
	return add(p, STEP_SAY, line);
}

struct step *plan_notice(struct plan *p, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(&p->arena, fmt, ap);
	va_end(ap);
	return add(p, STEP_NOTICE, text);
}

struct step *plan_fail(struct plan *p, const char *message)
{
	return add(p, STEP_FAIL, message);
}

struct step_list *plan_otherwise(struct plan *p, struct step *s)
{
	struct step_list *outer = p->into;

	p->into = &s->otherwise;
	return outer;
}

void plan_otherwise_end(struct plan *p, struct step_list *outer)
{
	p->into = outer;
}

void plan_make_undo(struct plan *p)
{
	struct step_list *steps = &group_of(p)->steps;
	struct step *undo = steps->last;

	if (steps->first == undo) {
		*steps = (struct step_list){0};
	} else {
		for (steps->last = steps->first; steps->last->next != undo;)
			steps->last = steps->last->next;
		steps->last->next = NULL;
	}
	undo->previous_undo = p->undo;
	p->undo = undo;
}

void plan_keep(struct plan *p)
{
	p->undo = NULL;
}

/* ---- executing ---- */

/* In memory, so that nobody has to write while it is read. */
static int open_input(const struct step *s, struct err *err)
{
	own_fd int fd = -1;

	if (s->input_file) {
		fd = open(s->input_file, O_RDONLY | O_CLOEXEC);
		return fd < 0 ? err_errno(err, "cannot open '%s'", s->input_file) : give_fd(fd);
	}
	return io_memory_file("kist-input", s->input, strlen(s->input), err);
}

/* The streams of one program of a pipeline. */
struct streams {
	int in, out, err;     /* -1: /dev/null */
	int input, null, log; /* what was opened for it, or -1 */
	struct output output;
};

static void close_streams(struct streams *t)
{
	own_fd_release(&t->input);
	own_fd_release(&t->null);
	own_fd_release(&t->log);
	output_abandon(&t->output);
}

static int open_files(const struct step *s, struct streams *t, struct err *err)
{
	if (s->input || s->input_file) {
		t->input = open_input(s, err);
		if (t->input < 0)
			return t->input;
		if (!s->input_fd)
			t->in = t->input;
	}
	if (s->output_file) {
		if (output_open(&t->output, s->output_file, 0600, 0, err) < 0)
			return -err->code;
		t->out = t->output.fd;
	}
	if (s->flags & STEP_QUIET) {
		t->out = t->null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (t->null < 0)
			return err_errno(err, "cannot open '/dev/null'");
	}
	if (s->error_file) {
		t->err = t->log = open(
			s->error_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (t->log < 0)
			return err_errno(err, "cannot write '%s'", s->error_file);
	}
	return 0;
}

/* from, to: the pipes before and behind it, or -1. */
static int open_streams(const struct plan *p, const struct step *s, int from, int to,
	struct streams *t, struct err *err)
{
	static const int own[] = {0, 1, 2};
	const int *streams = p->streams ? p->streams : own;

	*t = (struct streams){.in = from >= 0 ? from : streams[0],
		.out = to >= 0 ? to : streams[1],
		.err = streams[2],
		.input = -1,
		.null = -1,
		.log = -1,
		.output = OUTPUT_INIT};
	if (s->flags & STEP_SILENT)
		t->in = t->out = t->err = -1;
	if (s->flags & STEP_TO_STDERR)
		t->out = streams[2];
	if (open_files(s, t, err) < 0) {
		close_streams(t);
		return -err->code;
	}
	return 0;
}

static const struct plan_tool *tool_of(const struct plan *p, const struct step *s)
{
	for (size_t i = 0; i < p->ntools; i++)
		if (strcmp(p->tools[i].program, s->argv.items[0]) == 0)
			return &p->tools[i];
	return NULL;
}

/* progress: what it has as PLAN_PROGRESS_FD, or -1 */
static int start_program(const struct step *s, const struct streams *t, int progress,
	struct child *child, struct err *err)
{
	struct spawn sp = {.argv = s->argv.items};
	const int fds[] = {t->in, t->out, t->err};

	for (int i = 0; i < 3; i++)
		if (fds[i] != i)
			spawn_pass(&sp, fds[i], i);
	if (s->input_fd)
		spawn_pass(&sp, t->input, s->input_fd);
	if (progress >= 0)
		spawn_pass(&sp, progress, PLAN_PROGRESS_FD);
	return spawn_start(&sp, child, err);
}

/* The program has told the reason of its failure itself: once is enough. */
static int wait_writer(struct child *child, struct err *err)
{
	int status;

	if (child_wait(child, &status, err) < 0)
		return -err->code;
	return status ? err_set(err, E_CHILD, "%s", "") : 0;
}

/* One program of a pipeline: called or started. Returns 0 or its status, or an error. */
static int begin_part(const struct plan *p, const struct step *s, int from, int to,
	struct child *child, struct err *err)
{
	const struct plan_tool *tool = tool_of(p, s);
	struct streams t;
	int r = open_streams(p, s, from, to, &t, err);

	if (r < 0)
		return r;
	if (tool) {
		const struct tool_io io = {t.in, t.out, t.err};

		r = tool->call(tool->arg, &io, s->argv.items, err);
	} else {
		r = start_program(s, &t, -1, child, err);
		/* a file gets its name when it is complete */
		if (r == 0 && s->output_file)
			r = wait_writer(child, err);
	}
	if (r == 0 && s->output_file)
		r = output_commit(&t.output, err);
	close_streams(&t);
	return r;
}

/* What is between two programs: a pipe, or a file in memory when the first is one of ours. */
static int open_between(const struct plan *p, const struct step *s, int ends[2], struct err *err)
{
	if (!tool_of(p, s))
		return pipe2(ends, O_CLOEXEC) < 0 ? err_errno(err, "cannot make a pipe") : 0;
	ends[1] = memfd_create("kist-output", MFD_CLOEXEC);
	if (ends[1] < 0)
		return err_errno(err, "cannot make a file in memory");
	ends[0] = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
	return ends[0] < 0 ? err_errno(err, "cannot make a file in memory") : 0;
}

/* Start the programs of a pipeline, each reading from the one before; to: the last's stdout or -1.
 * Those with a pid in children run. Returns 0, the status of the last if it was called, or an
 * error.
 */
static int begin_pipeline(
	const struct plan *p, const struct step *s, int to, struct child *children, struct err *err)
{
	int from = -1, r = 0;

	for (size_t i = 0; s && r >= 0; s = s->into, i++) {
		int ends[2] = {-1, -1};

		children[i].pid = -1;
		r = s->into ? open_between(p, s, ends, err) : 0;
		if (r == 0)
			r = begin_part(p, s, from, s->into ? ends[1] : to, &children[i], err);
		if (r > 0 && s->into)
			r = err_set(
				err, E_CHILD, "'%s' failed with status %d", s->argv.items[0], r);
		if (r == 0 && s->into && tool_of(p, s) && lseek(ends[0], 0, SEEK_SET) < 0)
			r = err_errno(err, "cannot read a file in memory");
		own_fd_release(&from);
		own_fd_release(&ends[1]);
		from = ends[0];
	}
	own_fd_release(&from);
	return r;
}

/* Every program of a pipeline must succeed; the first that failed is named. */
static int run_pipeline(const struct plan *p, const struct step *s, int to, struct err *err)
{
	own_mem struct child *children = NULL;
	const struct step *last = s;
	size_t count = 1;
	int r;

	for (; last->into; last = last->into)
		count++;
	children = xcalloc(count, sizeof(*children));
	for (size_t i = 0; i < count; i++)
		children[i].pid = -1;
	r = begin_pipeline(p, s, to, children, err);
	for (size_t i = 0; i < count; i++) {
		struct err ignored;
		int status = 0, waited;

		if (children[i].pid < 0)
			continue;
		waited = child_wait(&children[i], &status, r < 0 ? &ignored : err);
		if (r < 0)
			continue;
		if (waited < 0)
			r = waited;
		else if (status && i + 1 == count)
			r = status;
		else if (status)
			/* it has told the reason on stderr: once is enough */
			r = err_set(err, E_CHILD, "%s", "");
	}
	if (r > 0 && !(last->flags & STEP_LAST))
		return err_set(err, E_CHILD, "%s", "");
	if (r > 0 && (last->flags & STEP_DOCKER))
		return r == 2 ? 125 : 1;
	return r;
}

/* What the pipeline prints is the verb's answer: a line of the sink's for each line. */
static int run_answer(
	const struct plan *p, const struct step *s, struct sink *sink, struct err *err)
{
	own_fd int out = memfd_create("kist-answer", MFD_CLOEXEC);
	own_buf struct buf text = {0};
	struct err ignored;
	int r;

	if (out < 0)
		return err_errno(err, "cannot make a file in memory");
	r = run_pipeline(p, s, out, err);
	if (lseek(out, 0, SEEK_SET) < 0 ||
		io_read_fd(out, JSON_DOCUMENT_MAX, "the answer", &text, &ignored) < 0)
		return r < 0 ? r : err_set(err, E_LIMIT, "the answer is too long");
	for (char *line = text.data; line && *line;) {
		char *end = strchrnul(line, '\n');
		char *next = *end ? end + 1 : end;

		*end = '\0';
		if (sink_line(sink, line, r < 0 ? &ignored : err) < 0 && r >= 0)
			return -err->code;
		line = next;
	}
	return r;
}

/* Lines of progress, until the program has ended. failed: the last failure that they tell. */
struct telling {
	const struct step *step;
	struct sink *sink;
	struct err failed;
};

static int tell_progress(void *arg, const char *text, size_t len, struct err *err)
{
	struct telling *t = arg;
	own_arena struct arena a = {0};
	struct progress_line line;
	enum sink_stream to = t->step->flags & STEP_TO_STDERR ? SINK_STDERR : SINK_STDOUT;

	/* what is no such line is of a newer program: it is left out */
	if (progress_line_read(text, len, &line, &a, err) < 0)
		return 0;
	if (line.status == PROGRESS_FAILED) {
		progress_line_error(&line, &t->failed);
		sentence_for(t->step->tell, line.reference, &t->failed);
	} else if (!(t->step->flags & STEP_QUIET)) {
		sink_progress(t->sink, to, t->step->tell, &line);
	}
	return 0;
}

static int start_telling(
	const struct plan *p, const struct step *s, int to, struct child *child, struct err *err)
{
	struct streams t;
	int r = open_streams(p, s, -1, -1, &t, err);

	if (r < 0)
		return r;
	r = start_program(s, &t, to, child, err);
	close_streams(&t);
	return r;
}

static int run_progress(
	const struct plan *p, const struct step *s, struct sink *sink, struct err *err)
{
	struct telling t = {.step = s, .sink = sink};
	own_fd int from = -1, to = -1;
	struct child child;
	struct err unread;
	int ends[2], r, read, status;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	from = ends[0];
	to = ends[1];
	r = start_telling(p, s, to, &child, err);
	own_fd_release(&to);
	to = -1;
	if (r < 0)
		return r;
	read = io_each_line(from, JSON_LINE_MAX, tell_progress, &t, &unread);
	own_fd_release(&from); /* after a failure the program gets EPIPE, and ends */
	from = -1;
	if (child_wait(&child, &status, err) < 0)
		return -err->code;
	if (read < 0 && !t.failed.code)
		t.failed = unread;
	if (!status && read == 0)
		return 0;
	/* else it has told the reason on stderr: a wrong flag, or its end by a signal */
	if (!t.failed.code && (s->flags & STEP_DOCKER))
		return status == 2 ? 125 : 1;
	*err = t.failed;
	return t.failed.code ? -err->code : err_set(err, E_CHILD, "%s", "");
}

/* The last line that it said, without the program's name in front. */
static const char *last_words(const struct step *s, char *text)
{
	size_t n = strlen(text), name = strlen(s->argv.items[0]);
	char *line;

	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	if (strncmp(line, s->argv.items[0], name) == 0 && strncmp(line + name, ": ", 2) == 0)
		line += name + 2;
	return line;
}

/* STEP_TELLS: a warning of one that succeeds goes on to the sink. */
static int run_telling(
	const struct plan *p, const struct step *s, struct sink *sink, struct err *err)
{
	static const int own[] = {0, 1};
	const int *streams = p->streams ? p->streams : own;
	own_fd int said = memfd_create("kist-said", MFD_CLOEXEC);
	const int to[] = {streams[0], streams[1], said};
	struct plan telling = *p;
	own_buf struct buf text = {0};
	int r;

	if (said < 0)
		return err_errno(err, "cannot make a file in memory");
	telling.streams = to;
	r = run_pipeline(&telling, s, -1, err);
	if (lseek(said, 0, SEEK_SET) < 0 ||
		io_read_fd(said, JSON_LINE_MAX, "the message", &text, &(struct err){0}) < 0 ||
		!text.len)
		return r;
	if (r < 0)
		return *err->msg ? r : err_set(err, E_CHILD, "%s", last_words(s, text.data));
	sink_notice(sink, "%.*s", (int)(text.len - (text.data[text.len - 1] == '\n')), text.data);
	return r;
}

/* Programs write to the same streams as the sink: what it has goes first. */
static int run_program(
	const struct plan *p, const struct step *s, struct sink *sink, struct err *err)
{
	const struct step *last = s;

	if (sink_flush(sink, err) < 0)
		return -err->code;
	if (s->flags & STEP_TELLS)
		return run_telling(p, s, sink, err);
	while (last->into)
		last = last->into;
	if (s->tell)
		return run_progress(p, s, sink, err);
	return last->flags & STEP_ANSWER ? run_answer(p, s, sink, err)
					 : run_pipeline(p, s, -1, err);
}

static int write_file(const struct step *s, struct err *err)
{
	const char *path = s->argv.items[0];
	const char *base = strrchr(path, '/') + 1;
	own_mem char *parent = xstrndup(path, (size_t)(base - path));
	own_fd int dir = -1;

	if (s->flags & STEP_EXCLUSIVE)
		return output_write(
			path, s->input, strlen(s->input), s->mode, OUTPUT_EXCLUSIVE, err);
	dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot open '%s'", parent);
	return io_publish_file(dir, base, s->input, strlen(s->input), s->mode, 0, err);
}

static int make_directory(const struct step *s, struct err *err)
{
	own_fd int dir = path_make_dirs(s->argv.items[0], s->mode, err);

	return dir < 0 ? dir : 0;
}

/* Become the program: signals and terminal are its matter then. Returns only on failure. */
static int become(const struct step *s, struct err *err)
{
	struct spawn sp = {.argv = s->argv.items};
	own_fd int fd = -1;

	if (s->input || s->input_file) {
		fd = open_input(s, err);
		if (fd < 0)
			return fd;
		spawn_pass(&sp, fd, s->input_fd);
	}
	return spawn_become(&sp, err);
}

/* --debug: what is done, in the words of the script. */
static void tell(const struct step *s)
{
	own_buf struct buf words = {0};

	if (log_level_get() < LOG_LEVEL_DEBUG)
		return;
	for (size_t i = 0; i < s->argv.count; i++) {
		buf_addc(&words, ' ');
		buf_add_shell_word(&words, s->argv.items[i]);
	}
	log_debug("step:%s", buf_str(&words));
}

static int execute_step(
	const struct plan *p, const struct step *s, struct sink *sink, struct err *err)
{
	tell(s);
	switch (s->kind) {
	case STEP_PROGRAM:
		if (!(s->flags & STEP_EXEC))
			return run_program(p, s, sink, err);
		return sink_flush(sink, err) < 0 ? -err->code : become(s, err);
	case STEP_FILE:
		return write_file(s, err);
	case STEP_DIRECTORY:
		return make_directory(s, err);
	case STEP_REMOVE:
		if (unlink(s->argv.items[0]) < 0 && errno != ENOENT)
			return err_errno(err, "cannot remove '%s'", s->argv.items[0]);
		return 0;
	case STEP_SAY:
		return sink_line(sink, s->argv.items[0], err);
	case STEP_NOTICE:
		sink_notice(sink, "%s", s->argv.items[0]);
		return 0;
	case STEP_FAIL:
		return err_set(err, EINVAL, "%s", s->argv.items[0]);
	case STEP_REST:
		return err_set(err, EINVAL, "%s", "the rest of this plan is made by its words");
	}
	return 0;
}

/* A list of steps from *s on. Returns as plan_execute(). */
static int execute_steps(
	const struct plan *p, const struct step *s, struct sink *sink, struct err *err)
{
	int status = 0;

	for (; s; s = s->next) {
		int r = execute_step(p, s, sink, err);

		if (r < 0 && s->about)
			sentence_for(s->about, s->object, err);
		if (r < 0 && s->otherwise.first)
			r = execute_steps(p, s->otherwise.first, sink, err);
		if (r >= 0) {
			status = s->flags & STEP_LAST ? r : 0;
			continue;
		}
		if (s->flags & STEP_MAY_FAIL)
			continue;
		for (const struct step *u = s->undo; u; u = u->previous_undo) {
			struct err ignored; /* the reason of the failure is what counts */

			execute_step(p, u, sink, &ignored);
		}
		return r;
	}
	return status;
}

int plan_execute(struct plan *p, struct sink *sink, struct err *err)
{
	const struct step *first = p->group ? p->group->steps.first : NULL;

	/* done once, whatever comes of it: the next call begins with what is added from here on */
	if (p->group)
		p->group->steps = (struct step_list){0};
	return execute_steps(p, first, sink, err);
}
