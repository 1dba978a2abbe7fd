/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"

void plan_release(struct plan *p)
{
	arena_release(&p->arena);
}

/* ---- building ---- */

static struct step *add(struct plan *p, enum step_kind kind, const char *first)
{
	struct step *s = arena_alloc(&p->arena, sizeof(*s));

	s->kind = kind;
	s->undo = p->undo;
	step_add(p, s, first);
	if (p->last)
		p->last->next = s;
	else
		p->first = s;
	p->last = s;
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

void plan_variable(struct plan *p, const char *name, const char *value)
{
	if (p->nvariables < PLAN_VARIABLES_MAX)
		p->variables[p->nvariables++] = (struct plan_variable){
			arena_strdup(&p->arena, name), arena_strdup(&p->arena, value)};
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

struct step *plan_shell(struct plan *p, const char *line)
{
	return add(p, STEP_SHELL, line);
}

void plan_make_undo(struct plan *p)
{
	struct step *undo = p->last;

	if (p->first == undo) {
		p->first = p->last = NULL;
	} else {
		for (p->last = p->first; p->last->next != undo; p->last = p->last->next)
			;
		p->last->next = NULL;
	}
	undo->previous_undo = p->undo;
	p->undo = undo;
}

void plan_keep(struct plan *p)
{
	p->undo = NULL;
}

/* ---- executing ---- */

/* Text for a child's stdin: in memory, so that nobody has to write while it reads. */
static int open_input(const struct step *s, struct err *err)
{
	own_fd int fd = -1;
	int r;

	if (s->input_file) {
		fd = open(s->input_file, O_RDONLY | O_CLOEXEC);
		return fd < 0 ? err_errno(err, "cannot open '%s'", s->input_file) : give_fd(fd);
	}
	fd = memfd_create("kist-input", MFD_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "cannot make a file in memory");
	r = io_write_full(fd, s->input, strlen(s->input));
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_set(err, r < 0 ? -r : errno, "cannot fill a file in memory");
	return give_fd(fd);
}

static int start_program(
	const struct step *s, int in, int out, struct child *child, struct err *err)
{
	struct spawn sp = {.argv = s->argv.items};
	own_fd int input = -1, file = -1;

	if (s->input || s->input_file) {
		input = open_input(s, err);
		if (input < 0)
			return input;
		in = input;
	}
	if (s->output_file) {
		file = open(s->output_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (file < 0)
			return err_errno(err, "cannot write '%s'", s->output_file);
		out = file;
	}
	if (in >= 0)
		spawn_pass(&sp, in, STDIN_FILENO);
	if (s->flags & STEP_QUIET)
		spawn_pass(&sp, -1, STDOUT_FILENO);
	else if (s->flags & STEP_TO_STDERR)
		spawn_pass(&sp, STDERR_FILENO, STDOUT_FILENO);
	else if (out >= 0)
		spawn_pass(&sp, out, STDOUT_FILENO);
	return spawn_start(&sp, child, err);
}

/* A pipeline: every program of it must succeed; the first that failed is named. */
static int run_pipeline(const struct step *s, struct err *err)
{
	struct child children[4];
	size_t n = 0;
	int r = 0, from = -1, last_status = 0;
	bool failed = false;

	for (; s && n < ARRAY_LEN(children); s = s->into) {
		int ends[2] = {-1, -1};

		if (s->into && pipe2(ends, O_CLOEXEC) < 0)
			r = err_errno(err, "cannot make a pipe");
		else
			r = start_program(s, from, ends[1], &children[n], err);
		own_fd_release(&from);
		own_fd_release(&ends[1]);
		from = ends[0];
		if (r < 0)
			break;
		n++;
		if (!s->into && (s->flags & STEP_LAST))
			last_status = -1;
	}
	own_fd_release(&from);
	failed = r < 0;
	for (size_t i = 0; i < n; i++) {
		int status;

		if (child_wait(&children[i], &status, failed ? NULL : err) < 0)
			failed = true;
		else if (last_status == -1 && i + 1 == n)
			last_status = status;
		else if (status && !failed) {
			/* it has told the reason on stderr: once is enough */
			r = err_set(err, E_CHILD, "%s", "");
			failed = true;
		}
	}
	return failed ? (r < 0 ? r : -err->code) : last_status;
}

static int write_file(const struct step *s, struct err *err)
{
	const char *path = s->argv.items[0];
	const char *base = strrchr(path, '/') + 1;
	own_mem char *parent = xstrndup(path, (size_t)(base - path));
	own_fd int dir = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);

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
	own_mem char *path = NULL;

	if (s->input_file) {
		own_fd int fd = open(s->input_file, O_RDONLY | O_CLOEXEC);

		if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
			return err_errno(err, "cannot open '%s'", s->input_file);
	}
	if (program_find(s->argv.items[0], &path, err) < 0)
		return -err->code;
	fflush(stdout);
	signal(SIGPIPE, SIG_DFL); /* ignored signals survive exec */
	execv(path, (char *const *)s->argv.items);
	return err_errno(err, "cannot execute '%s'", path);
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
	log_debug("%s:%s", s->call ? "here" : "step", buf_str(&words));
}

static int execute_step(const struct step *s, struct err *err)
{
	tell(s);
	if (s->call)
		return s->call(s->arg, err);
	if (s->flags & STEP_EXEC)
		return become(s, err);
	switch (s->kind) {
	case STEP_PROGRAM:
		return run_pipeline(s, err);
	case STEP_FILE:
		return write_file(s, err);
	case STEP_DIRECTORY:
		return make_directory(s, err);
	case STEP_REMOVE:
		if (unlink(s->argv.items[0]) < 0 && errno != ENOENT)
			return err_errno(err, "cannot remove '%s'", s->argv.items[0]);
		return 0;
	case STEP_SHELL:
		return 0;
	}
	return 0;
}

int plan_execute(struct plan *p, struct err *err)
{
	struct step *first = p->first;
	int status = 0;

	/* done once, whatever comes of it: the next call begins with what is added from here on */
	p->first = p->last = NULL;
	for (struct step *s = first; s; s = s->next) {
		int r = execute_step(s, err);

		if (r >= 0) {
			status = s->flags & STEP_LAST ? r : 0;
			continue;
		}
		if (s->flags & STEP_MAY_FAIL)
			continue;
		for (const struct step *u = s->undo; u; u = u->previous_undo) {
			struct err ignored; /* the reason of the failure is what counts */

			execute_step(u, &ignored);
		}
		return r;
	}
	return status;
}
