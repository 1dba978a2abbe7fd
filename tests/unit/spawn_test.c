/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void captures(void)
{
	struct spawn sp = {.argv = (const char *const[]){"/bin/sh", "-c", "echo hi", NULL}};
	own_buf struct buf out = {0};
	struct err err;

	UNIT_OK(spawn_capture(&sp, 100, &out, &err), &err);
	UNIT_STRING(buf_str(&out), "hi\n");
}

static void missing(void)
{
	struct spawn sp = {.argv = (const char *const[]){"/nonexistent/prog", NULL}};
	struct child child;
	struct err err;

	CU_ASSERT(spawn_start(&sp, &child, &err) == -ENOENT);
	CU_ASSERT(strstr(err.msg, "/nonexistent/prog") != NULL);
}

static void statuses(void)
{
	struct spawn seven = {.argv = (const char *const[]){"/bin/sh", "-c", "exit 7", NULL}};
	struct spawn killed = {.argv = (const char *const[]){"/bin/sh", "-c", "kill -9 $$", NULL}};
	struct child child;
	struct err err;
	int status = -1;

	UNIT_OK(spawn_start(&seven, &child, &err), &err);
	UNIT_OK(child_wait(&child, &status, &err), &err);
	CU_ASSERT_EQUAL(status, 7);
	UNIT_OK(spawn_start(&killed, &child, &err), &err);
	UNIT_OK(child_wait(&child, &status, &err), &err);
	CU_ASSERT_EQUAL(status, 137);
	CU_ASSERT(spawn_run(&seven, &err) == -E_CHILD);
}

/* 3 and 4 change places: neither may be lost on the way */
static void descriptors_cross(void)
{
	struct spawn sp = {
		.argv = (const char *const[]){"/bin/sh", "-c", "cat <&3; cat <&4", NULL}};
	own_buf struct buf out = {0};
	int a[2], b[2], low, high;
	struct err err;

	CU_ASSERT_FATAL(pipe2(a, O_CLOEXEC) == 0 && pipe2(b, O_CLOEXEC) == 0);
	CU_ASSERT(write(a[1], "A", 1) == 1 && write(b[1], "B", 1) == 1);
	close(a[1]);
	close(b[1]);
	low = fcntl(a[0], F_DUPFD_CLOEXEC, 3);
	high = fcntl(b[0], F_DUPFD_CLOEXEC, 3);
	spawn_pass(&sp, low, 4);
	spawn_pass(&sp, high, 3);
	UNIT_OK(spawn_capture(&sp, 100, &out, &err), &err);
	UNIT_STRING(buf_str(&out), "BA");
	close(a[0]);
	close(b[0]);
	close(low);
	close(high);
}

static int refuse(void *arg, struct err *err)
{
	return err_set(err, E_DENIED, "%s", (const char *)arg);
}

static void setup_failure(void)
{
	static char why[] = "not today";
	struct spawn sp = {.argv = (const char *const[]){"/bin/true", NULL}};
	struct child child;
	struct err err;

	sp.setup = refuse;
	sp.setup_arg = why;
	CU_ASSERT(spawn_start(&sp, &child, &err) == -E_DENIED);
	UNIT_STRING(err.msg, "not today");
}

static void output_limit(void)
{
	struct spawn sp = {.argv = (const char *const[]){"/bin/sh", "-c", "yes", NULL}};
	own_buf struct buf out = {0};
	struct err err;

	CU_ASSERT(spawn_capture(&sp, 1000, &out, &err) == -E_LIMIT);
}

UNIT_TESTS(spawn) = {
	{"a child's output is captured", captures},
	{"a missing program is named, and leaves no child", missing},
	{"exit statuses and signals are told apart", statuses},
	{"descriptors are placed also where they cross", descriptors_cross},
	{"a failing setup is reported to the parent", setup_failure},
	{"output over the limit ends the child", output_limit},
};
UNIT_COUNT(spawn)
