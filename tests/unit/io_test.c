/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

static int new_dir(char *name)
{
	int fd;

	CU_ASSERT_FATAL(mkdtemp(name) != NULL);
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	return fd;
}

static void publishing(void)
{
	char name[] = "/tmp/kist-io-XXXXXX";
	own_fd int dir = new_dir(name);
	own_buf struct buf text = {0};
	struct err err;

	UNIT_OK(io_publish_file(dir, "f", "old", 3, 0600, 0, &err), &err);
	UNIT_OK(io_publish_file(dir, "f", "newer", 5, 0600, IO_DURABLE, &err), &err);
	UNIT_OK(io_read_file(dir, "f", 100, &text, &err), &err);
	UNIT_STRING(buf_str(&text), "newer");
	CU_ASSERT(io_publish_file(dir, "f", "x", 1, 0600, IO_EXCLUSIVE, &err) == -E_EXISTS);
	UNIT_OK(io_publish_file(dir, "g", "x", 1, 0600, IO_EXCLUSIVE, &err), &err);
	CU_ASSERT(unlinkat(dir, "f", 0) == 0 && unlinkat(dir, "g", 0) == 0);
	CU_ASSERT(rmdir(name) == 0); /* fails if a temporary file was left */
}

static void limits(void)
{
	char name[] = "/tmp/kist-io-XXXXXX";
	own_fd int dir = new_dir(name);
	own_buf struct buf fits = {0}, over = {0};
	struct err err;

	UNIT_OK(io_publish_file(dir, "f", "0123456789", 10, 0600, 0, &err), &err);
	UNIT_OK(io_read_file(dir, "f", 10, &fits, &err), &err);
	CU_ASSERT_EQUAL(fits.len, 10);
	CU_ASSERT(io_read_file(dir, "f", 9, &over, &err) == -E_LIMIT);
	UNIT_OK(path_remove_tree(AT_FDCWD, name, &err), &err);
}

static void no_fifo(void)
{
	char name[] = "/tmp/kist-io-XXXXXX";
	own_fd int dir = new_dir(name);
	own_buf struct buf text = {0};
	struct err err;

	CU_ASSERT(mkfifoat(dir, "fifo", 0600) == 0);
	CU_ASSERT(io_read_file(dir, "fifo", 10, &text, &err) == -EINVAL);
	UNIT_OK(path_remove_tree(AT_FDCWD, name, &err), &err);
}

static void times(void)
{
	char text[IO_TIME_MAX];
	int64_t seconds;
	long nanos;

	io_time_format(1700000000, 5, text);
	UNIT_STRING(text, "2023-11-14T22:13:20.000000005Z");
	CU_ASSERT(io_time_parse(text, &seconds, &nanos) == 0);
	CU_ASSERT(seconds == 1700000000 && nanos == 5);
	CU_ASSERT(io_time_parse("2023-11-15T00:13:20.5+02:00", &seconds, &nanos) == 0);
	CU_ASSERT(seconds == 1700000000 && nanos == 500000000);
	/* of 1600 to 2800 a day of each week, its first and its last second */
	for (int64_t t = -11676096000; t < 26196480000; t += 5 * 86400 + (t % 7 == 0) * 86400) {
		for (int last = 0; last < 2; last++) {
			time_t moment = t + last * 86399;
			char want[IO_TIME_MAX];
			struct tm tm;

			gmtime_r(&moment, &tm);
			strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000000007Z", &tm);
			io_time_format(moment, 7, text);
			if (strcmp(text, want) != 0)
				CU_FAIL_FATAL("a time is written otherwise than by gmtime(3)");
		}
	}
	CU_ASSERT(io_time_parse("yesterday", &seconds, &nanos) == -EINVAL);
	CU_ASSERT(io_time_parse("2023-11-15T00:13:20", &seconds, &nanos) == -EINVAL);
}

static void copying(void)
{
	char name[] = "/tmp/kist-io-XXXXXX";
	own_fd int dir = new_dir(name);
	own_fd int in = openat(dir, "in", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	own_fd int out = openat(dir, "out", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct err err;
	struct stat st;

	CU_ASSERT(ftruncate(in, 3000000) == 0);
	CU_ASSERT_EQUAL(io_copy(in, out, &err), 3000000);
	CU_ASSERT(fstat(out, &st) == 0 && st.st_size == 3000000);
	UNIT_OK(path_remove_tree(AT_FDCWD, name, &err), &err);
}

static void shell_words(void)
{
	static const char *const table[][2] = {
		{"plain-1.0/x", "plain-1.0/x"},
		{"", "''"},
		{"a b", "'a b'"},
		{"it's", "'it'\\''s'"},
		{"$(x)", "'$(x)'"},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_buf struct buf b = {0};

		buf_add_shell_word(&b, table[i][0]);
		UNIT_STRING(buf_str(&b), table[i][1]);
	}
}

static void memory_file(void)
{
	struct err err;
	own_fd int fd = io_memory_file("test", "abc", 3, &err), empty = -1;
	own_buf struct buf text = {0};

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(io_read_fd(fd, 10, "it", &text, &err), 0);
	UNIT_STRING(buf_str(&text), "abc");
	empty = io_memory_file("test", "", 0, &err);
	CU_ASSERT(empty >= 0 && lseek(empty, 0, SEEK_END) == 0);
}

UNIT_TESTS(io) = {
	{"a file is published whole, replaced whole, and exclusively when asked", publishing},
	{"a file over the limit is refused, one of exactly the limit is read", limits},
	{"a FIFO is refused without blocking", no_fifo},
	{"times are written and read with any offset", times},
	{"copying moves every byte", copying},
	{"shell words are quoted only where they must be", shell_words},
	{"a file in memory is read from its beginning", memory_file},
};
UNIT_COUNT(io)
