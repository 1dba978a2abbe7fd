/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/sha256.h"
#include "tests/unit/memory_stream.h"
#include "tests/unit/unit.h"

struct trees {
	char top[32];
	int lower, upper;
	struct buf tar;
	struct layer_result result;
};

static int to_buf(void *arg, const void *data, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, data, len);
	return 0;
}

static void set_up(struct trees *t)
{
	struct err err;

	*t = (struct trees){.top = "/tmp/kist-write-XXXXXX"};
	CU_ASSERT_FATAL(mkdtemp(t->top) != NULL);
	umask(0);
	{
		own_mem char *lower = xasprintf("%s/lower", t->top);
		own_mem char *upper = xasprintf("%s/upper", t->top);

		t->lower = path_make_dirs(lower, 0755, &err);
		t->upper = path_make_dirs(upper, 0755, &err);
	}
	CU_ASSERT_FATAL(t->lower >= 0 && t->upper >= 0);
}

static void tear_down(struct trees *t)
{
	struct err err;

	close(t->lower);
	close(t->upper);
	buf_release(&t->tar);
	UNIT_OK(path_remove_tree(AT_FDCWD, t->top, &err), &err);
}

/* With a time that has a fraction, or, for whole ones, that of an archive. */
static void put(int dir, const char *path, const char *text, long nanoseconds)
{
	const struct timespec times[2] = {{1000, nanoseconds}, {1000, nanoseconds}};
	own_fd int fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	CU_ASSERT(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CU_ASSERT(futimens(fd, times) == 0);
}

/* The names in the tar, each behind its type, in order: "5./ 0a 1b>a". */
static void list(const struct buf *tar, struct buf *out)
{
	own_stream struct stream *in = stream_from_memory(tar->data, tar->len);
	own_tar_reader struct tar_reader *r = tar_reader_new(in);
	struct tar_entry e;
	struct err err;
	int result;

	while ((result = tar_reader_next(r, &e, &err)) > 0)
		buf_addf(out, "%s%c%s%s%s", out->len ? " " : "", e.type, e.path, *e.link ? ">" : "",
			e.link);
	UNIT_OK(result, &err);
}

static void packs_as(struct trees *t, const char *expected)
{
	own_buf struct buf names = {0};
	char hex[SHA256_HEX_LEN + 1];
	struct err err;

	buf_reset(&t->tar);
	UNIT_OK(layer_write_pack(t->upper, to_buf, &t->tar, &t->result, &err), &err);
	list(&t->tar, &names);
	UNIT_STRING(buf_str(&names), expected);
	sha256_hex(t->tar.data, t->tar.len, hex);
	UNIT_STRING(digest_hex(&t->result.diff_id), hex);
	CU_ASSERT(t->result.size == t->tar.len);
}

static void differs_as(struct trees *t, const char *expected)
{
	own_buf struct buf names = {0};
	struct err err;

	buf_reset(&t->tar);
	UNIT_OK(layer_write_diff(t->lower, t->upper, to_buf, &t->tar, &t->result, &err), &err);
	list(&t->tar, &names);
	UNIT_STRING(buf_str(&names), expected);
}

static void order_is_fixed(void)
{
	struct trees t;

	set_up(&t);
	put(t.upper, "b", "x", 0);
	put(t.upper, "a.c", "x", 0);
	CU_ASSERT(mkdirat(t.upper, "a", 0755) == 0);
	put(t.upper, "a/z", "x", 0);
	CU_ASSERT(linkat(t.upper, "b", t.upper, "a/link", 0) == 0);
	CU_ASSERT(symlinkat("to", t.upper, "c") == 0);
	packs_as(&t, "5./ 5a/ 0a/link 0a/z 0a.c 1b>a/link 2c>to");
	tear_down(&t);
}

static void equal_trees_do_not_differ(void)
{
	struct trees t;

	set_up(&t);
	put(t.lower, "a", "same", 5);
	put(t.upper, "a", "same", 5);
	put(t.lower, "whole", "same", 0);
	put(t.upper, "whole", "same", 0);
	CU_ASSERT(mkdirat(t.lower, "d", 0755) == 0 && mkdirat(t.upper, "d", 0755) == 0);
	CU_ASSERT(symlinkat("x", t.lower, "d/l") == 0 && symlinkat("x", t.upper, "d/l") == 0);
	{
		const struct timespec times[2] = {{7, 0}, {7, 0}};

		CU_ASSERT(utimensat(t.lower, "d/l", times, AT_SYMLINK_NOFOLLOW) == 0);
		CU_ASSERT(utimensat(t.upper, "d/l", times, AT_SYMLINK_NOFOLLOW) == 0);
	}
	differs_as(&t, "");
	tear_down(&t);
}

static void changes_come_with_their_directories(void)
{
	struct trees t;

	set_up(&t);
	CU_ASSERT(mkdirat(t.lower, "d", 0755) == 0 && mkdirat(t.upper, "d", 0755) == 0);
	put(t.lower, "d/content", "aaaa", 0);
	put(t.upper, "d/content", "bbbb", 0); /* only its bytes tell */
	put(t.lower, "d/gone", "x", 1);
	put(t.lower, "d/mode", "x", 1);
	put(t.upper, "d/mode", "x", 1);
	CU_ASSERT(fchmodat(t.upper, "d/mode", 0600, 0) == 0);
	put(t.upper, "d/new", "x", 1);
	put(t.lower, "d/same", "x", 1);
	put(t.upper, "d/same", "x", 1);
	differs_as(&t, "5./ 5d/ 0d/content 0d/.wh.gone 0d/mode 0d/new");
	tear_down(&t);
}

static void types_change(void)
{
	struct trees t;

	set_up(&t);
	CU_ASSERT(mkdirat(t.lower, "a", 0755) == 0);
	put(t.lower, "a/in", "x", 1);
	put(t.upper, "a", "file", 1);
	put(t.lower, "b", "file", 1);
	CU_ASSERT(mkdirat(t.upper, "b", 0755) == 0);
	put(t.upper, "b/in", "x", 1);
	differs_as(&t, "5./ 0a 5b/ 0b/in");
	tear_down(&t);
}

static void whiteout_names_are_refused(void)
{
	struct trees t;
	struct err err;

	set_up(&t);
	put(t.upper, ".wh.x", "x", 1);
	CU_ASSERT(layer_write_pack(t.upper, to_buf, &t.tar, &t.result, &err) == -E_UNSUPPORTED);
	tear_down(&t);
}

/* Deeper than descriptors are held for, and back up again. */
static void depth_does_not_matter(void)
{
	enum { DEPTH = 100 };
	own_buf struct buf path = {0};
	struct trees t;
	struct err err;

	set_up(&t);
	for (int i = 0; i < DEPTH; i++) {
		buf_adds(&path, i ? "/d" : "d");
		CU_ASSERT(mkdirat(t.upper, buf_str(&path), 0755) == 0);
		CU_ASSERT(mkdirat(t.lower, buf_str(&path), 0755) == 0);
		{
			own_mem char *behind = xasprintf("%s/z", buf_str(&path));

			put(t.upper, behind, "x", 1);
		}
	}
	UNIT_OK(layer_write_pack(t.upper, to_buf, &t.tar, &t.result, &err), &err);
	CU_ASSERT(t.result.entries == 2 * DEPTH + 1);
	buf_reset(&t.tar);
	UNIT_OK(layer_write_diff(t.lower, t.upper, to_buf, &t.tar, &t.result, &err), &err);
	CU_ASSERT(t.result.entries == 2 * DEPTH + 1);
	tear_down(&t);
}

static int full(void *arg, const void *data, size_t len, struct err *err)
{
	(void)arg;
	(void)data;
	(void)len;
	return err_set(err, E_LIMIT, "full");
}

static void output_errors_are_told(void)
{
	struct trees t;
	struct err err;

	set_up(&t);
	put(t.upper, "a", "x", 1);
	CU_ASSERT(layer_write_pack(t.upper, full, NULL, &t.result, &err) == -E_LIMIT);
	tear_down(&t);
}

UNIT_TESTS(layer_write) = {
	{"entries come in a fixed order, hard links behind their file", order_is_fixed},
	{"equal trees do not differ", equal_trees_do_not_differ},
	{"changes come with the directories they are in", changes_come_with_their_directories},
	{"an entry that changed its type replaces the old one", types_change},
	{"names that would be whiteouts are refused", whiteout_names_are_refused},
	{"deep trees are walked", depth_does_not_matter},
	{"an output that fails ends the walk", output_errors_are_told},
};
UNIT_COUNT(layer_write)
