/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
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

static int agree(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	return 0;
}

/* Both ways of starting, each under a limit that leaves no number for what is passed. */
static void no_descriptors_left(void)
{
	struct rlimit before, low = {20, 20};
	struct child child;

	CU_ASSERT_FATAL(getrlimit(RLIMIT_NOFILE, &before) == 0);
	low.rlim_max = before.rlim_max;
	for (int with_setup = 0; with_setup < 2; with_setup++) {
		struct spawn sp = {.argv = (const char *const[]){"/bin/true", NULL},
			.setup = with_setup ? agree : NULL};
		struct err err = {0};

		spawn_pass(&sp, 0, 19);
		CU_ASSERT(setrlimit(RLIMIT_NOFILE, &low) == 0);
		CU_ASSERT_EQUAL(spawn_start(&sp, &child, &err), -EINVAL);
		CU_ASSERT(setrlimit(RLIMIT_NOFILE, &before) == 0);
		CU_ASSERT(strstr(err.msg, "/bin/true': Invalid argument") != NULL);
		CU_ASSERT(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	}
}

static void not_a_descriptor(void)
{
	struct child child;

	for (int with_setup = 0; with_setup < 2; with_setup++) {
		struct spawn sp = {.argv = (const char *const[]){"/bin/true", NULL},
			.setup = with_setup ? agree : NULL};
		struct err err = {0};

		spawn_pass(&sp, 12345, 3);
		CU_ASSERT_EQUAL(spawn_start(&sp, &child, &err), -EBADF);
		UNIT_STRING(err.msg, "cannot pass descriptors to '/bin/true': Bad file descriptor");
	}
}

static void too_many(void)
{
	struct spawn sp = {.argv = (const char *const[]){"/bin/true", NULL}};
	struct child child;
	struct err err;

	for (int i = 0; i <= SPAWN_FDS_MAX; i++)
		spawn_pass(&sp, -1, 3 + i);
	CU_ASSERT_EQUAL(spawn_start(&sp, &child, &err), -E_LIMIT);
}

/* The numbers that a child of ours has, apart from that with which it looks. */
static void descriptors_of_child(unsigned flags, struct buf *out)
{
	struct spawn sp = {.argv = (const char *const[]){"/bin/sh", "-c",
				   "for f in /proc/$$/fd/*; do printf '%s ' ${f##*/}; done", NULL},
		.flags = flags};
	struct err err;

	buf_reset(out);
	spawn_pass(&sp, -1, 5);
	UNIT_OK(spawn_capture(&sp, 1000, out, &err), &err);
}

static void nothing_else_open(void)
{
	own_buf struct buf out = {0};
	int ours = dup2(0, 77); /* as a caller that locks with "exec 77>lock" */

	CU_ASSERT_FATAL(ours == 77);
	descriptors_of_child(0, &out);
	CU_ASSERT_PTR_NULL(strstr(buf_str(&out), "77"));
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&out), " 5 "));
	descriptors_of_child(SPAWN_INHERIT, &out);
	CU_ASSERT_PTR_NOT_NULL(strstr(buf_str(&out), " 77 "));
	close(ours);
}

static void environment_of_child(unsigned flags, const char *const *envp, const char *expected)
{
	struct spawn sp = {.argv = (const char *const[]){"/bin/sh", "-c",
				   "echo $LISTEN_FDS,$LISTEN_PID,$LISTEN_FDNAMES,$OTHER", NULL},
		.envp = envp,
		.flags = flags};
	own_buf struct buf out = {0};
	struct err err;

	UNIT_OK(spawn_capture(&sp, 1000, &out, &err), &err);
	UNIT_STRING(buf_str(&out), expected);
}

static void no_activation(void)
{
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_PID", "2", 1);
	setenv("LISTEN_FDNAMES", "x", 1);
	setenv("OTHER", "stays", 1);
	environment_of_child(0, NULL, ",,,stays\n");
	environment_of_child(SPAWN_INHERIT, NULL, "1,2,x,stays\n");
	environment_of_child(0, (const char *const[]){"LISTEN_FDS=7", NULL}, "7,,,\n");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDNAMES");
	unsetenv("OTHER");
}

/* A process between us and the child ends; the child has its end of a pipe open until then. */
static void dies_with_parent(void)
{
	int ends[2];
	pid_t between;
	char c;

	CU_ASSERT_FATAL(pipe2(ends, O_CLOEXEC) == 0);
	between = fork();
	if (between == 0) {
		struct spawn sp = {.argv = (const char *const[]){"/bin/sleep", "1000", NULL},
			.flags = SPAWN_DIE_WITH_PARENT};
		struct child child;
		struct err err;

		spawn_pass(&sp, ends[1], 3);
		_exit(spawn_start(&sp, &child, &err) < 0);
	}
	close(ends[1]);
	CU_ASSERT_EQUAL(read(ends[0], &c, 1), 0);
	CU_ASSERT(waitpid(between, NULL, 0) == between);
	close(ends[0]);
}

static void becomes(void)
{
	int status = -1, ends[2];
	char text[20] = "";
	pid_t pid;

	CU_ASSERT_FATAL(pipe2(ends, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		struct spawn sp = {
			.argv = (const char *const[]){"/bin/sh", "-c", "echo $$ >&7", NULL}};
		struct err err;

		spawn_pass(&sp, ends[1], 7);
		spawn_become(&sp, &err);
		_exit(1);
	}
	close(ends[1]);
	CU_ASSERT(read(ends[0], text, sizeof(text) - 1) > 0);
	CU_ASSERT_EQUAL(atoi(text), pid);
	CU_ASSERT(waitpid(pid, &status, 0) == pid && status == 0);
	close(ends[0]);
}

static void says(const char *text, size_t len, const char *expected)
{
	own_fd int file = memfd_create("said", MFD_CLOEXEC);
	own_buf struct buf room = {0};
	const char *said;

	CU_ASSERT_EQUAL_FATAL(io_write_full(file, text, len), 0);
	said = spawn_said(file, &room);
	if (expected)
		UNIT_STRING(said, expected);
	else
		CU_ASSERT_PTR_NULL(said);
}

static void last_words(void)
{
	own_buf struct buf much = {0};

	says("", 0, NULL);
	says("\n\n", 2, NULL);
	says("kist-pull: warning: slow\nkist-pull: cannot pull 'x': no\n\n", 57,
		"cannot pull 'x': no");
	says("sh: not found", 13, "sh: not found");
	says("kist-x", 6, "kist-x");
	while (much.len < 100000)
		buf_adds(&much, "progress\n");
	buf_adds(&much, "kist-push: the end\n");
	says(buf_str(&much), much.len, "the end");
}

UNIT_TESTS(spawn) = {
	{"a child's output is captured", captures},
	{"a missing program is named, and leaves no child", missing},
	{"exit statuses and signals are told apart", statuses},
	{"descriptors are placed also where they cross", descriptors_cross},
	{"a failing setup is reported to the parent", setup_failure},
	{"output over the limit ends the child", output_limit},
	{"what fails for want of descriptors is told", no_descriptors_left},
	{"a descriptor that is none is told", not_a_descriptor},
	{"more descriptors than there is room for are an error", too_many},
	{"what the caller's caller left open is not handed on", nothing_else_open},
	{"socket activation is not handed on", no_activation},
	{"a child dies with its parent", dies_with_parent},
	{"this process becomes the program", becomes},
	{"what a program said last is found in its messages", last_words},
};
UNIT_COUNT(spawn)
