/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static struct sink silent;

static int note(void *arg, struct err *err)
{
	char *log = arg;

	(void)err;
	strcat(log, "c"); /* NOLINT: the test's own buffer */
	return 0;
}

static int fail(void *arg, struct err *err)
{
	(void)arg;
	return err_set(err, E_IN_USE, "no");
}

static int undo(void *arg, struct err *err)
{
	char *log = arg;

	(void)err;
	strcat(log, "u");
	return 0;
}

static void printed(void)
{
	own_plan struct plan p = {.title = "kist test", .failed_status = 125};
	own_buf struct buf script = {0};
	struct step *s;

	plan_variable(&p, "id", "abc");
	plan_variable(&p, "dir", "/root dir/containers/abc");
	s = plan_program(&p, "tool", "make", "abc", NULL);
	s->input = "text";
	s->flags = STEP_QUIET;
	plan_program(&p, "tool", "unmake", "abc", NULL);
	plan_make_undo(&p);
	plan_file(&p, "/root dir/containers/abc/f", 0644, "a\nb");
	s = plan_program(&p, "tool", "show", "it's", NULL);
	plan_pipe(&p, s, "other", NULL);
	plan_keep(&p);
	plan_program(&p, "tool", "go", NULL)->flags = STEP_LAST;
	plan_print(&p, "/root dir", "/run", &script);
	UNIT_STRING(buf_str(&script),
		"#!/bin/sh\n# kist test\nKIST_ROOT='/root dir' KIST_RUN=/run\n"
		"export KIST_ROOT KIST_RUN PATH\nid=abc\ndir=\"$KIST_ROOT\"/containers/\"$id\"\n"
		"failed() {\n\texit 125\n}\n"
		"tool make \"$id\" <<'END' >/dev/null || failed\ntext\nEND\n"
		"failed() {\n\ttool unmake \"$id\"\n\texit 125\n}\n"
		"cat <<'END' >\"$dir\"/f || failed\na\nb\nEND\n"
		"tool show 'it'\\''s' |\n\tother || failed\n"
		"failed() {\n\texit 125\n}\n"
		"tool go\n");
}

static void undone(void)
{
	own_plan struct plan p = {.failed_status = 1};
	char log[16] = "";
	struct err err = {0};
	struct step *s;

	s = plan_shell(&p, "");
	s->call = note;
	s->arg = log;
	s = plan_shell(&p, "");
	s->call = undo;
	s->arg = log;
	plan_make_undo(&p);
	plan_shell(&p, "")->call = fail;
	s = plan_shell(&p, "");
	s->call = note;
	s->arg = log;
	CU_ASSERT_EQUAL(plan_execute(&p, &silent, &err), -E_IN_USE);
	UNIT_STRING(log, "cu");
	UNIT_STRING(err.msg, "no");
}

/* The same steps, done and printed, leave the same files and status. */
static void same(void)
{
	char dir[] = "/tmp/kist-plan-XXXXXX";
	own_plan struct plan p = {.title = "t", .failed_status = 1};
	own_buf struct buf script = {0}, done = {0}, run = {0};
	own_mem char *file = NULL, *out = NULL;
	struct err err = {0};
	struct step *s;
	FILE *sh;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
	file = xasprintf("%s/a b", dir);
	out = xasprintf("%s/out", dir);
	plan_file(&p, file, 0600, "x\nEND\ny\n");
	s = plan_program(&p, "cat", file, NULL);
	plan_pipe(&p, s, "tr", "xy", "XY", NULL)->output_file = out;
	plan_program(&p, "sh", "-c", "exit 7", NULL)->flags = STEP_LAST;
	plan_print(&p, "/r", "/s", &script);
	CU_ASSERT_EQUAL(plan_execute(&p, &silent, &err), 7);
	UNIT_OK(io_read_file(-100, out, 4096, &done, &err), &err);
	unlink(out);
	unlink(file);
	sh = popen("sh", "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(sh);
	fputs(buf_str(&script), sh);
	CU_ASSERT_EQUAL(pclose(sh), 7 << 8);
	UNIT_OK(io_read_file(-100, out, 4096, &run, &err), &err);
	UNIT_STRING(buf_str(&done), "X\nEND\nY\n");
	UNIT_STRING(buf_str(&run), buf_str(&done));
	unlink(out);
	unlink(file);
	rmdir(dir);
}

UNIT_TESTS(plan) = {
	{"a plan is printed as a script with variables, here documents and undoing", printed},
	{"a step that fails undoes those before it and ends the plan", undone},
	{"doing a plan and running its script give the same", same},
};
UNIT_COUNT(plan)
