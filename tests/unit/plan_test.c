/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static struct sink silent;

/* Programs that need not be started: each notes what it was called with. */
static int note(void *arg, const struct tool_io *io, const char *const argv[], struct err *err)
{
	char *log = arg;

	(void)err;
	strcat(log, argv[1]); /* NOLINT: the test's own buffer */
	return strcmp(argv[1], "out") == 0 ? io_write_full(io->out, "a\nb\n", 4) : 0;
}

static int fail(void *arg, const struct tool_io *io, const char *const argv[], struct err *err)
{
	(void)arg;
	(void)io;
	(void)argv;
	return err_set(err, E_IN_USE, "no");
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
		"failed() {\n\texit ${1:-125}\n}\n"
		"tool make \"$id\" <<'END' >/dev/null || failed\ntext\nEND\n"
		"failed() {\n\ttool unmake \"$id\"\n\texit ${1:-125}\n}\n"
		"cat <<'END' >\"$dir\"/f || failed\na\nb\nEND\n"
		"{ broken=$({\n\t{ tool show 'it'\\''s' 8>&- 9>&- || echo x >&9; } |\n"
		"\t{ other 8>&- 9>&- || echo x >&9; } >&8\n} 9>&1); } 8>&1\n"
		"[ -z \"$broken\" ] || failed\n"
		"failed() {\n\texit ${1:-125}\n}\n"
		"tool go\n");
}

static void undone(void)
{
	own_plan struct plan p = {.failed_status = 1};
	char log[32] = "";
	const struct plan_tool tools[] = {{"note", note, log}, {"fail", fail, NULL}};
	struct step_list *outer;
	struct err err = {0};

	p.tools = tools;
	p.ntools = ARRAY_LEN(tools);
	plan_program(&p, "note", "c", NULL);
	plan_program(&p, "note", "u", NULL);
	plan_make_undo(&p);
	outer = plan_otherwise(&p, plan_program(&p, "fail", NULL));
	plan_program(&p, "note", "o", NULL);
	plan_otherwise_end(&p, outer);
	plan_program(&p, "fail", NULL)->flags = STEP_MAY_FAIL;
	plan_program(&p, "fail", NULL);
	plan_program(&p, "note", "c", NULL);
	CU_ASSERT_EQUAL(plan_execute(&p, &silent, &err), -E_IN_USE);
	UNIT_STRING(log, "cou");
	UNIT_STRING(err.msg, "no");
}

/* What a step answers reaches the sink line by line; so does what is said. */
static int gather(struct sink *sink, const struct result *result, struct err *err)
{
	static char *log;

	(void)err;
	if (!sink)
		return 0;
	log = (char *)(sink + 1);
	strcat(log, result->line); /* NOLINT: the test's own buffer */
	strcat(log, ";");          /* NOLINT */
	return 0;
}

static void answered(void)
{
	own_plan struct plan p = {.failed_status = 1};
	struct {
		struct sink sink;
		char log[64];
	} s = {.sink = {.result = gather}};
	char calls[32] = "";
	const struct plan_tool tools[] = {{"note", note, calls}};
	struct err err = {0};
	struct step *step;

	p.tools = tools;
	p.ntools = ARRAY_LEN(tools);
	plan_say(&p, "first");
	plan_program(&p, "note", "out", NULL)->flags = STEP_ANSWER;
	step = plan_program(&p, "note", "out", NULL);
	for (int i = 0; i < 6; i++)
		step = plan_pipe(&p, step, "sed", "s/$/x/", NULL);
	step->flags = STEP_ANSWER;
	CU_ASSERT_EQUAL(plan_execute(&p, &s.sink, &err), 0);
	UNIT_STRING(s.log, "first;a;b;axxxxxx;bxxxxxx;");
}

/* The status of a command and what it prints, of a script. */
static int run_script(const struct plan *p, struct buf *out)
{
	own_buf struct buf script = {0};
	own_mem char *text = NULL;
	char line[256];
	FILE *sh;

	plan_print(p, "/r", "/s", &script);
	text = xasprintf("sh 2>&1 <<'SCRIPT'\n%s\nSCRIPT\n", buf_str(&script));
	sh = popen(text, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(sh);
	while (fgets(line, sizeof(line), sh))
		buf_adds(out, line);
	return pclose(sh) >> 8;
}

/* Objects, pipelines, what stands for a failed step: the script does as plan_execute() does. */
static void scripted(void)
{
	own_plan struct plan p = {.title = "t", .failed_status = 1};
	own_buf struct buf out = {0};
	struct step_list *outer;
	struct step *s;

	plan_begin(&p);
	outer = plan_otherwise(&p, plan_program(&p, "false", NULL));
	plan_notice(&p, "%s", "instead");
	plan_otherwise_end(&p, outer);
	plan_say(&p, "one\\two");
	plan_begin(&p);
	s = plan_program(&p, "sh", "-c", "echo lost; exit 3", NULL);
	s = plan_pipe(&p, s, "cat", NULL);
	s = plan_pipe(&p, s, "cat", NULL);
	s = plan_pipe(&p, s, "cat", NULL);
	s = plan_pipe(&p, s, "cat", NULL);
	plan_pipe(&p, s, "cat", NULL);
	plan_say(&p, "never");
	plan_begin(&p);
	for (int i = 0; i < 12; i++) {
		own_mem char *name = xasprintf("v%d", i), *value = xasprintf("/value/%d", i);

		plan_variable(&p, name, value);
	}
	plan_program(&p, "echo", "/value/11/x", NULL);
	plan_program(&p, "true", NULL);
	plan_program(&p, "echo", "undone", NULL);
	plan_make_undo(&p);
	plan_fail(&p, "why");
	CU_ASSERT_EQUAL(run_script(&p, &out), 1);
	UNIT_STRING(buf_str(&out), "instead\none\\two\nlost\n/value/11/x\nwhy\nundone\n");
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

/* What a program says of its failure is the error; where that does not matter it is nothing. */
static void told(void)
{
	static const char words[] = "echo first >&2; echo 'sh: why' >&2; exit 3";
	own_plan struct plan p = {.title = "t", .failed_status = 1}, q = p;
	own_buf struct buf script = {0};
	struct err err = {0};
	struct step *s;

	s = plan_program(&p, "sh", "-c", words, NULL);
	s->flags = STEP_TELLS | STEP_MAY_FAIL;
	plan_print(&p, "/r", "/s", &script);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&script), "exit 3' 2>/dev/null || :\n"));
	UNIT_OK(plan_execute(&p, &silent, &err), &err);
	plan_program(&q, "sh", "-c", words, NULL)->flags = STEP_TELLS;
	CU_ASSERT_EQUAL(plan_execute(&q, &silent, &err), -E_CHILD);
	UNIT_STRING(err.msg, "why");
}

UNIT_TESTS(plan) = {
	{"what a program says on stderr is its step's error, or nothing", told},
	{"a plan is printed as a script with variables, here documents and undoing", printed},
	{"what is answered reaches the sink, through a pipeline of any length", answered},
	{"objects, pipelines and branches do in a script as they do here", scripted},
	{"a step that fails undoes those before it and ends the plan", undone},
	{"doing a plan and running its script give the same", same},
};
UNIT_COUNT(plan)
