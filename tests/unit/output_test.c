/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/socket.h"
#include "tests/unit/unit.h"

/* A directory that the test works in; names are relative to it. */
struct here {
	char name[40];
	int before;
};

static void enter(struct here *h)
{
	snprintf(h->name, sizeof(h->name), "/tmp/kist-output-XXXXXX");
	h->before = open(".", O_PATH | O_CLOEXEC);
	CU_ASSERT_FATAL(h->before >= 0 && mkdtemp(h->name) && chdir(h->name) == 0);
}

/* Exactly these names are left: nothing temporary. */
static void leave(struct here *h, const char *const names[])
{
	for (size_t i = 0; names[i]; i++)
		CU_ASSERT_EQUAL(unlinkat(AT_FDCWD, names[i], 0), 0);
	CU_ASSERT(fchdir(h->before) == 0 && rmdir(h->name) == 0);
	close(h->before);
}

#define LEAVE(h, ...) leave(h, (const char *const[]){__VA_ARGS__, NULL})

static void holds(const char *name, const char *text)
{
	own_buf struct buf have = {0};
	struct err err;

	UNIT_OK(io_read_file(AT_FDCWD, name, 100, &have, &err), &err);
	UNIT_STRING(buf_str(&have), text);
}

static int put(const char *name, const char *text, unsigned flags, struct err *err)
{
	return output_write(name, text, strlen(text), 0640, flags, err);
}

static void replaces(void)
{
	struct here h;
	struct stat st;
	struct err err;

	enter(&h);
	UNIT_OK(put("f", "first", 0, &err), &err);
	CU_ASSERT(stat("f", &st) == 0 && (st.st_mode & 0777) == 0640);
	CU_ASSERT(chmod("f", 0604) == 0);
	UNIT_OK(put("f", "other", 0, &err), &err);
	holds("f", "other");
	CU_ASSERT(stat("f", &st) == 0 && (st.st_mode & 0777) == 0604);
	LEAVE(&h, "f");
}

static void abandoned(void)
{
	struct output o;
	struct here h;
	struct err err;

	enter(&h);
	UNIT_OK(put("f", "old", 0, &err), &err);
	UNIT_OK(output_open(&o, "f", 0600, 0, &err), &err);
	CU_ASSERT_EQUAL(io_write_full(o.fd, "half", 4), 0);
	output_abandon(&o);
	holds("f", "old");
	UNIT_OK(output_open(&o, "new", 0600, 0, &err), &err);
	output_abandon(&o);
	output_abandon(&o);
	LEAVE(&h, "f");
}

static void exclusive(void)
{
	struct output o;
	struct here h;
	struct err err;

	enter(&h);
	UNIT_OK(put("f", "old", OUTPUT_EXCLUSIVE, &err), &err);
	CU_ASSERT_EQUAL(put("f", "new", OUTPUT_EXCLUSIVE, &err), -E_EXISTS);
	CU_ASSERT_EQUAL(put("/dev/null", "new", OUTPUT_EXCLUSIVE, &err), -E_EXISTS);
	holds("f", "old");
	/* who comes in between wins */
	UNIT_OK(output_open(&o, "g", 0600, OUTPUT_EXCLUSIVE, &err), &err);
	UNIT_OK(put("g", "theirs", 0, &err), &err);
	CU_ASSERT_EQUAL(output_commit(&o, &err), -E_EXISTS);
	output_abandon(&o);
	holds("g", "theirs");
	LEAVE(&h, "f", "g");
}

static void follows_links(void)
{
	struct here h;
	struct stat st;
	struct err err;

	enter(&h);
	CU_ASSERT(mkdir("d", 0700) == 0 && symlink("d/e", "link") == 0 &&
		symlink("../f", "d/e") == 0 && symlink("loop", "loop") == 0);
	UNIT_OK(put("link", "new", 0, &err), &err);
	holds("f", "new");
	UNIT_OK(put("link", "newer", 0, &err), &err);
	holds("f", "newer");
	CU_ASSERT(lstat("link", &st) == 0 && S_ISLNK(st.st_mode));
	CU_ASSERT_EQUAL(put("loop", "x", 0, &err), -ELOOP);
	CU_ASSERT(unlink("d/e") == 0 && rmdir("d") == 0);
	LEAVE(&h, "link", "loop", "f");
}

static void special_files(void)
{
	own_fd int fifo = -1, listener = -1, peer = -1;
	char text[10] = "";
	struct here h;
	struct stat st;
	struct err err;

	enter(&h);
	UNIT_OK(put("/dev/null", "gone", 0, &err), &err);
	CU_ASSERT(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	CU_ASSERT(mkfifo("fifo", 0600) == 0 && symlink("fifo", "link") == 0);
	fifo = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	UNIT_OK(put("link", "fifo", 0, &err), &err);
	CU_ASSERT_EQUAL(read(fifo, text, sizeof(text)), 4);
	UNIT_STRING(text, "fifo");
	CU_ASSERT(lstat("fifo", &st) == 0 && S_ISFIFO(st.st_mode));
	listener = socket_listen(AT_FDCWD, "sock", SOCK_STREAM, 0600, &err);
	CU_ASSERT_FATAL(listener >= 0);
	UNIT_OK(put("sock", "sock", 0, &err), &err);
	peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	CU_ASSERT_EQUAL(read(peer, text, sizeof(text)), 4);
	UNIT_STRING(text, "sock");
	CU_ASSERT(lstat("sock", &st) == 0 && S_ISSOCK(st.st_mode));
	LEAVE(&h, "fifo", "link", "sock");
}

/* What the shell opened is written on where it stands. */
static void own_descriptors(void)
{
	own_mem char *name = NULL;
	own_fd int fd = -1;
	struct here h;
	struct err err;

	enter(&h);
	fd = open("f", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, "1", 1) == 1);
	CU_ASSERT(asprintf(&name, "/dev/fd/%d", fd) > 0);
	UNIT_OK(put(name, "2", 0, &err), &err);
	CU_ASSERT_EQUAL(write(fd, "3", 1), 1);
	holds("f", "123");
	LEAVE(&h, "f");
}

static void refusals(void)
{
	struct here h;
	struct err err;

	enter(&h);
	CU_ASSERT_EQUAL(put(".", "x", 0, &err), -EISDIR);
	CU_ASSERT_EQUAL(put("missing/f", "x", 0, &err), -ENOENT);
	UNIT_STRING(err.msg, "cannot write 'missing/f': No such file or directory");
	LEAVE(&h, NULL);
}

UNIT_TESTS(output) = {
	{"a file is replaced when it is complete, and keeps its mode", replaces},
	{"what was not committed is gone", abandoned},
	{"exclusive refuses what is there", exclusive},
	{"links are followed, also to what does not exist", follows_links},
	{"devices, FIFOs and sockets are written to", special_files},
	{"a name of our own descriptor is the descriptor", own_descriptors},
	{"directories and missing ones are refused", refusals},
};
UNIT_COUNT(output)
