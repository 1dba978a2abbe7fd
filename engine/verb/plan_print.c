/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as a POSIX shell script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/verb/plan.h"
#include "lib/own.h"
#include "lib/spawn.h"

/* A word that ends a here document and stands nowhere in it alone. */
static const char *end_word(const char *text)
{
	return strstr(text, "\nEND\n") || strncmp(text, "END\n", 4) == 0 ? "KIST-END" : "END";
}

static const struct string_pair *longest_prefix(const struct string_map *known, const char *word)
{
	const struct string_pair *best = NULL;
	size_t n = 0;

	for (size_t i = 0; i < known->count; i++) {
		size_t len = strlen(known->items[i].value);

		if (len > n && strncmp(word, known->items[i].value, len) == 0 &&
			(!word[len] || word[len] == '/')) {
			best = &known->items[i];
			n = len;
		}
	}
	return best;
}

/* A word of the shell; variables of the plan stand in front, and for a path's components. */
static void print_word(const struct string_map *known, const char *word, struct buf *out)
{
	const struct string_pair *v = longest_prefix(known, word);
	const char *slash;

	if (v) {
		buf_addf(out, "\"$%s\"", v->key);
		word += strlen(v->value);
		if (!*word)
			return;
	}
	slash = v ? strrchr(word, '/') : NULL;
	v = slash ? longest_prefix(known, slash + 1) : NULL;
	if (v && strcmp(slash + 1, v->value) == 0) {
		own_mem char *front = xstrndup(word, (size_t)(slash - word));

		buf_add_shell_word(out, front);
		buf_addf(out, "/\"$%s\"", v->key);
	} else {
		buf_add_shell_word(out, word);
	}
}

static void print_words(const struct string_map *known, const struct step *s, struct buf *out)
{
	size_t column = 0;

	for (size_t i = 0; i < s->argv.count; i++) {
		size_t before = out->len;

		/* long command lines continue at an option */
		if (i && column > 70 && s->argv.items[i][0] == '-') {
			buf_adds(out, " \\\n\t");
			column = 8;
		} else if (i) {
			buf_addc(out, ' ');
		}
		print_word(known, s->argv.items[i], out);
		column += out->len - before;
	}
}

static void print_here(const struct step *s, const char *end, struct buf *out)
{
	size_t n = strlen(s->input);

	buf_add(out, s->input, n);
	if (!n || s->input[n - 1] != '\n')
		buf_addc(out, '\n');
	buf_addf(out, "%s\n", end);
}

/* A program with its streams; here documents follow behind the line. */
static void print_program(const struct string_map *known, const struct step *s, struct buf *out)
{
	if (s->flags & STEP_EXEC)
		buf_adds(out, "exec ");
	print_words(known, s, out);
	if (s->flags & STEP_SILENT)
		buf_adds(out, " </dev/null >/dev/null 2>&1");
	if (s->input_file) {
		buf_adds(out, " <");
		print_word(known, s->input_file, out);
	}
	if (s->input) {
		buf_addc(out, ' ');
		if (s->input_fd)
			buf_addf(out, "%d", s->input_fd);
		buf_addf(out, "<<'%s'", end_word(s->input));
	}
	if (s->output_file) {
		buf_adds(out, " >");
		print_word(known, s->output_file, out);
	}
	if ((s->flags & STEP_QUIET) && !s->tell)
		buf_adds(out, " >/dev/null");
	if (s->error_file) {
		buf_adds(out, " 2>>");
		print_word(known, s->error_file, out);
	}
	if ((s->flags & STEP_TO_STDERR) && !s->tell)
		buf_adds(out, " >&2");
	if ((s->flags & STEP_TELLS) && ((s->flags & STEP_MAY_FAIL) || s->otherwise.first))
		buf_adds(out, " 2>/dev/null");
}

/*
 * Every program of a pipeline must succeed, as it must when the steps are done: those that fail say
 * so at descriptor 9, while the last has the script's stdout at 8.
 */
static void print_pipeline(const struct string_map *known, const struct step *s, struct buf *out)
{
	buf_adds(out, "{ broken=$({\n");
	for (; s; s = s->into) {
		buf_adds(out, "\t{ ");
		print_program(known, s, out);
		buf_addf(out, " 8>&- 9>&- || echo x >&9; }%s\n", s->into ? " |" : " >&8");
		if (s->input)
			print_here(s, end_word(s->input), out);
	}
	buf_adds(out, "} 9>&1); } 8>&1\n[ -z \"$broken\" ]");
}

/*
 * The lines of progress go to "kist tell", which says them and a failure that they tell. The status
 * is the program's; stdout stays the script's own, at 8.
 */
static void print_progress(const struct string_map *known, const struct step *s, struct buf *out)
{
	buf_adds(out, "{ told=$({ { ");
	print_program(known, s, out);
	buf_addf(out,
		" %d>&1 >&8 8>&- 9>&-; echo $? >&9; } |\n\tkist tell %s %s || echo 1 >&9; } 9>&1); } 8>&1",
		PLAN_PROGRESS_FD, s->tell == ABOUT_PUSH ? "pushed" : "pulled",
		s->flags & STEP_QUIET               ? ">/dev/null"
			: s->flags & STEP_TO_STDERR ? ">&2"
						    : ">&8");
	buf_adds(out, "\n[ \"$told\" = 0 ]");
}

/* docker run's statuses for a command that is not there, or cannot be executed. */
static void print_not_ready(int failed_status, struct buf *out)
{
	buf_adds(out, "echo \"$ready\" >&2\n");
	if (failed_status == 125)
		buf_addf(out,
			"case $ready in *'\"code\":%d'*) failed 127 ;; *'\"code\":%d'*) failed 126 ;; "
			"esac\n",
			E_COMMAND_NOT_FOUND, E_COMMAND_NOT_EXECUTABLE);
	buf_adds(out, "failed\n");
}

/*
 * What the command says at descriptor 3 is whether it runs. In the background the shell waits for
 * that alone; else it has the script's own streams, and its status is the script's.
 */
static void print_ready(
	const struct string_map *known, const struct step *s, int failed_status, struct buf *out)
{
	bool stays = s->flags & STEP_LAST;

	if (s->error_file) {
		buf_adds(out, "(umask 077; : >>");
		print_word(known, s->error_file, out);
		buf_adds(out, ")\n");
	}
	if (s->flags & STEP_TERMINAL)
		buf_adds(out, "terminal=$(stty -g) && stty raw -echo\n");
	buf_adds(out, stays ? "{ ready=$(" : "ready=$(");
	print_words(known, s, out);
	if (stays) {
		buf_adds(out, " \\\n\t3>&1");
		for (int fd = 0; fd < 3; fd++)
			if (s->closed & (1u << fd))
				buf_addf(out, " %d%s/dev/null", fd, fd ? ">" : "<");
			else if (fd == 1)
				buf_adds(out, " >&4");
		buf_adds(out, " 4>&-); } 4>&1\nstatus=$?\n");
		if (s->flags & STEP_TERMINAL)
			buf_adds(out, "stty \"$terminal\"\n");
		buf_adds(out, "case $ready in *'\"pid\"'*) exit $status ;; esac\n");
		print_not_ready(failed_status, out);
		return;
	}
	buf_adds(out, " \\\n\t3>&1 >/dev/null 2>");
	buf_adds(out, s->error_file ? ">" : "/dev/null");
	if (s->error_file)
		print_word(known, s->error_file, out);
	buf_adds(out, " </dev/null &)\ncase $ready in *'\"pid\"'*) ;; *)\n");
	print_not_ready(failed_status, out);
	buf_adds(out, ";; esac\n");
}

static void print_file(const struct string_map *known, const struct step *s, struct buf *out)
{
	const char *end = end_word(s->input);

	bool closed = s->mode == 0600, exclusive = s->flags & STEP_EXCLUSIVE;

	if (closed || exclusive)
		buf_addf(out, "(%s%s", closed ? "umask 077; " : "", exclusive ? "set -C; " : "");
	buf_addf(out, "cat <<'%s' >", end);
	print_word(known, s->argv.items[0], out);
	buf_addf(out, "%s || failed\n", closed || exclusive ? ")" : "");
	print_here(s, end, out);
}

static void print_one_word(
	const struct string_map *known, const char *command, const struct step *s, struct buf *out)
{
	buf_addf(out, "%s ", command);
	print_word(known, s->argv.items[0], out);
}

/* What echo makes of a backslash and of a first "-" is the shell's own matter. */
static void print_echo(const char *line, const char *to, struct buf *out)
{
	buf_adds(out, strchr(line, '\\') || *line == '-' ? "printf '%s\\n' " : "echo ");
	buf_add_shell_word(out, line);
	buf_adds(out, to);
}

/* The command of a step without its line's end. */
static void print_command(const struct string_map *known, const struct step *s, struct buf *out)
{
	switch (s->kind) {
	case STEP_PROGRAM:
		/* files that are made are ours alone, as they are here */
		if (s->output_file)
			buf_adds(out, "(umask 077; ");
		if (s->tell)
			print_progress(known, s, out);
		else if (s->into)
			print_pipeline(known, s, out);
		else
			print_program(known, s, out);
		if (s->output_file)
			buf_addc(out, ')');
		break;
	case STEP_DIRECTORY:
		print_one_word(
			known, s->mode == 0700 ? "(umask 077; mkdir -p" : "mkdir -p", s, out);
		if (s->mode == 0700)
			buf_addc(out, ')');
		break;
	case STEP_REMOVE:
		print_one_word(known, "rm -f", s, out);
		break;
	case STEP_SAY:
		print_echo(s->argv.items[0], "", out);
		break;
	case STEP_NOTICE:
	case STEP_FAIL:
		print_echo(s->argv.items[0], " >&2", out);
		break;
	case STEP_REST:
		buf_adds(out, "rest=$(");
		print_words(known, s, out);
		buf_adds(out, ")");
		break;
	case STEP_FILE:
		break;
	}
}

static const struct step *last_of(const struct step *s)
{
	while (s->into)
		s = s->into;
	return s;
}

static void print_step(
	const struct string_map *known, const struct step *s, int status, struct buf *out);

/* What is done in place of a step that fails. */
static void print_otherwise(
	const struct string_map *known, const struct step *s, int status, struct buf *out)
{
	buf_adds(out, " || {\n");
	/* a here document begins behind the line that asks for it */
	if (s->input && !s->into)
		print_here(s, end_word(s->input), out);
	for (s = s->otherwise.first; s; s = s->next) {
		buf_addc(out, '\t');
		print_step(known, s, status, out);
	}
	buf_addc(out, '}');
}

static void print_step(
	const struct string_map *known, const struct step *s, int status, struct buf *out)
{
	if (s->comment)
		buf_addf(out, "# %s\n", s->comment);
	if (s->kind == STEP_FILE) {
		print_file(known, s, out);
		return;
	}
	if (s->flags & STEP_READY) {
		print_ready(known, s, status, out);
		return;
	}
	print_command(known, s, out);
	if (s->otherwise.first)
		print_otherwise(known, s, status, out);
	else if (s->flags & STEP_MAY_FAIL)
		buf_adds(out, " || :");
	else if (s->kind == STEP_FAIL)
		buf_adds(out, "; failed");
	else if (s->tell && (s->flags & STEP_DOCKER))
		buf_adds(out, " || { [ \"$told\" = 2 ] && exit 125; exit 1; }");
	else if (s->tell && (s->flags & STEP_LAST))
		buf_adds(out, " || exit 1");
	else if (last_of(s)->flags & STEP_DOCKER)
		buf_adds(out, " || { [ $? = 2 ] && exit 125; exit 1; }");
	else if (!(last_of(s)->flags & (STEP_LAST | STEP_EXEC)) && s->kind != STEP_SAY &&
		s->kind != STEP_NOTICE)
		buf_adds(out, s->flags & STEP_STATUS ? " || failed $?" : " || failed");
	buf_addc(out, '\n');
	if (s->input && !s->into && !s->otherwise.first)
		print_here(s, end_word(s->input), out);
	if (s->kind == STEP_REST)
		buf_adds(out, "eval \"$rest\"\n");
}

/* What is done when a step fails: all that has been done so far is undone. */
static void print_failed(
	const struct string_map *known, const struct step *undo, int status, struct buf *out)
{
	buf_adds(out, "failed() {\n");
	for (const struct step *u = undo; u; u = u->previous_undo) {
		buf_addc(out, '\t');
		print_command(known, u, out);
		buf_addc(out, '\n');
		if (u->input)
			print_here(u, end_word(u->input), out);
	}
	buf_addf(out, "\texit ${1:-%d}\n}\n", status);
}

static void add_directory(const char *program, struct strv *dirs)
{
	own_mem char *path = NULL;
	char *slash;

	if (program_find(program, &path, &(struct err){0}) < 0)
		return;
	slash = strrchr(path, '/');
	*slash = '\0';
	if (!strv_has(dirs, path))
		strv_add(dirs, path);
}

static void add_programs(const struct step *s, struct strv *dirs)
{
	for (; s; s = s->next) {
		for (const struct step *part = s; part; part = part->into)
			for (size_t i = 0; part->kind == STEP_PROGRAM && i < part->argv.count; i++)
				if (strncmp(part->argv.items[i], "kist", 4) == 0 &&
					!strchr(part->argv.items[i], '/') &&
					(i == 0 || strcmp(part->argv.items[i - 1], "--") == 0))
					add_directory(part->argv.items[i], dirs);
		add_programs(s->otherwise.first, dirs);
	}
}

/* Programs are called by their names: PATH begins with the directories they are in. */
static void print_path(const struct plan *p, struct buf *out)
{
	own_strv struct strv dirs = {0};

	for (const struct plan_group *g = p->first; g; g = g->next)
		add_programs(g->steps.first, &dirs);
	if (!dirs.count)
		return;
	buf_adds(out, "PATH=");
	for (size_t i = 0; i < dirs.count; i++) {
		buf_add_shell_word(out, dirs.items[i]);
		buf_addc(out, ':');
	}
	buf_adds(out, "$PATH\n");
}

static void print_group(const struct plan_group *g, const struct string_map *trees, int status,
	struct arena *a, struct buf *out)
{
	struct string_map known = {0};
	const struct step *undo = NULL;
	bool first = true;

	for (size_t i = 0; i < trees->count; i++)
		string_map_set(a, &known, trees->items[i].key, trees->items[i].value);
	for (size_t i = 0; i < g->variables.count; i++) {
		const struct string_pair *v = &g->variables.items[i];

		/* each may use those before it */
		buf_addf(out, "%s=", v->key);
		print_word(&known, v->value, out);
		buf_addc(out, '\n');
		string_map_set(a, &known, v->key, v->value);
	}
	for (const struct step *s = g->steps.first; s; s = s->next) {
		bool last = (last_of(s)->flags & (STEP_LAST | STEP_EXEC)) &&
			!(s->flags & STEP_READY);

		if ((first && !last) || s->undo != undo)
			print_failed(&known, s->undo, status, out);
		undo = s->undo;
		first = false;
		print_step(&known, s, status, out);
	}
}

void plan_print(const struct plan *p, const char *root, const char *run, struct buf *out)
{
	own_arena struct arena a = {0};
	struct string_map trees = {0};

	buf_addf(out, "#!/bin/sh\n# %s\nKIST_ROOT=", p->title);
	buf_add_shell_word(out, root);
	buf_adds(out, " KIST_RUN=");
	buf_add_shell_word(out, run);
	buf_addc(out, '\n');
	print_path(p, out);
	buf_adds(out, "export KIST_ROOT KIST_RUN PATH\n");
	string_map_set(&a, &trees, "KIST_ROOT", root);
	string_map_set(&a, &trees, "KIST_RUN", run);
	if (p->first && !p->first->next) {
		print_group(p->first, &trees, p->failed_status, &a, out);
		return;
	}
	buf_adds(out, "status=0\n");
	for (const struct plan_group *g = p->first; g; g = g->next) {
		if (!g->steps.first)
			continue;
		buf_adds(out, "(\n");
		print_group(g, &trees, p->failed_status, &a, out);
		buf_adds(out, ") || status=1\n");
	}
	buf_adds(out, "exit $status\n");
}
