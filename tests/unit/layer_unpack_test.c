/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacking into a private directory, as whoever runs the test: no owners, no devices. */
#include "store/layer/layer_unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/memory_stream.h"
#include "tests/unit/unit.h"

struct fixture {
	char top[32];
	int root;
	struct buf tar;
	struct tar_writer *writer;
	enum layer_whiteouts whiteouts;
	struct layer_result result;
};

static int to_buf(void *arg, const void *data, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, data, len);
	return 0;
}

static void begin_layer(struct fixture *f)
{
	buf_reset(&f->tar);
	tar_writer_free(f->writer);
	f->writer = tar_writer_new(to_buf, &f->tar);
}

static void set_up(struct fixture *f)
{
	*f = (struct fixture){.top = "/tmp/kist-unpack-XXXXXX"};
	CU_ASSERT_FATAL(mkdtemp(f->top) != NULL);
	f->root = open(f->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_FATAL(f->root >= 0);
	umask(0);
	begin_layer(f);
}

static void tear_down(struct fixture *f)
{
	struct err err;

	close(f->root);
	UNIT_OK(path_remove_tree(AT_FDCWD, f->top, &err), &err);
	tar_writer_free(f->writer);
	buf_release(&f->tar);
}

static void add(
	struct fixture *f, enum tar_type type, const char *path, const char *more, int64_t mtime)
{
	struct tar_entry e = {.type = type,
		.path = path,
		.link = "",
		.mtime = mtime,
		.mode = type == TAR_DIR ? 0755 : 0644};
	struct err err;

	if (type == TAR_SYMLINK || type == TAR_HARDLINK)
		e.link = more;
	else if (type == TAR_FILE)
		e.size = strlen(more);
	UNIT_OK(tar_writer_entry(f->writer, &e, &err), &err);
	if (e.size)
		UNIT_OK(tar_writer_data(f->writer, more, e.size, &err), &err);
}

static int unpack(struct fixture *f, struct err *err)
{
	const struct layer_unpack_target target = {
		.root = f->root, .whiteouts = f->whiteouts, .user_xattrs = true, .implied_fd = -1};
	own_stream struct stream *in = NULL;
	own_tar_reader struct tar_reader *tar = NULL;
	const char *warning;

	UNIT_OK(tar_writer_finish(f->writer, err), err);
	in = stream_from_memory(f->tar.data, f->tar.len);
	tar = tar_reader_new(in);
	f->result = (struct layer_result){0};
	return layer_unpack_entries(tar, &target, &f->result, &warning, err);
}

static void unpacks(struct fixture *f)
{
	struct err err;

	UNIT_OK(unpack(f, &err), &err);
	begin_layer(f);
}

static void contains(struct fixture *f, const char *path, const char *expected)
{
	own_buf struct buf text = {0};
	struct err err;

	UNIT_OK(io_read_file(f->root, path, 4096, &text, &err), &err);
	UNIT_STRING(buf_str(&text), expected);
}

static bool exists(struct fixture *f, const char *path)
{
	struct stat st;

	return fstatat(f->root, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int64_t mtime_of(struct fixture *f, const char *path)
{
	struct stat st;

	return fstatat(f->root, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? (int64_t)st.st_mtime : -1;
}

static void times_of_directories(void)
{
	struct fixture f;

	set_up(&f);
	add(&f, TAR_DIR, "./", "", 1000);
	add(&f, TAR_DIR, "a/", "", 2000);
	add(&f, TAR_FILE, "a/1", "x", 1);
	add(&f, TAR_DIR, "a/b/", "", 3000);
	add(&f, TAR_FILE, "a/b/2", "x", 2);
	add(&f, TAR_FILE, "a/3", "x", 3);     /* a again, after it was left */
	add(&f, TAR_FILE, "new/c/4", "x", 4); /* directories that are not named */
	add(&f, TAR_FILE, "a/b/5", "x", 5);
	add(&f, TAR_DIR, "late/", "", 10);
	add(&f, TAR_FILE, "late/6", "x", 6);
	add(&f, TAR_DIR, "late/", "", 7000); /* while it is open */
	unpacks(&f);
	CU_ASSERT(mtime_of(&f, ".") == 1000 && mtime_of(&f, "a") == 2000);
	CU_ASSERT(mtime_of(&f, "a/b") == 3000 && mtime_of(&f, "a/3") == 3);
	CU_ASSERT(mtime_of(&f, "new") == 4 && mtime_of(&f, "new/c") == 4);
	CU_ASSERT(mtime_of(&f, "late") == 7000);
	CU_ASSERT(f.result.entries == 11);
	tear_down(&f);
}

static void last_one_wins(void)
{
	struct fixture f;

	set_up(&f);
	add(&f, TAR_FILE, "f", "first", 1);
	add(&f, TAR_HARDLINK, "other", "f", 1);
	add(&f, TAR_FILE, "f", "second", 1); /* must not write through the other name */
	add(&f, TAR_DIR, "d/", "", 1);
	add(&f, TAR_FILE, "d/x/y", "y", 1);
	add(&f, TAR_FILE, "d", "a file now", 1);
	add(&f, TAR_FILE, "e", "file", 1);
	add(&f, TAR_DIR, "e/", "", 1);
	add(&f, TAR_FILE, "e/in", "in", 1);
	add(&f, TAR_SYMLINK, "l", "f", 1);
	add(&f, TAR_FILE, "l", "no link", 1);
	unpacks(&f);
	contains(&f, "f", "second");
	contains(&f, "other", "first");
	contains(&f, "d", "a file now");
	contains(&f, "e/in", "in");
	contains(&f, "l", "no link");
	tear_down(&f);
}

static void links_resolve_inside(void)
{
	struct fixture f;

	set_up(&f);
	add(&f, TAR_DIR, "usr/lib/", "", 1);
	add(&f, TAR_SYMLINK, "lib", "usr/lib", 1);
	add(&f, TAR_FILE, "lib/a", "a", 1);
	add(&f, TAR_SYMLINK, "abs", "/usr/lib", 1);
	add(&f, TAR_FILE, "abs/b", "b", 1);
	add(&f, TAR_SYMLINK, "up", "../../../../made/here", 1);
	add(&f, TAR_FILE, "up/c", "c", 1);
	add(&f, TAR_HARDLINK, "h", "abs/b", 1);
	unpacks(&f);
	contains(&f, "usr/lib/a", "a");
	contains(&f, "usr/lib/b", "b");
	contains(&f, "made/here/c", "c");
	contains(&f, "h", "b");
	tear_down(&f);
}

static void loops_end(void)
{
	struct fixture f;
	struct err err;

	set_up(&f);
	add(&f, TAR_SYMLINK, "a", "b", 1);
	add(&f, TAR_SYMLINK, "b", "a", 1);
	add(&f, TAR_FILE, "a/x", "x", 1);
	CU_ASSERT(unpack(&f, &err) == -ELOOP);
	begin_layer(&f);
	/* a link whose target's parent is itself */
	add(&f, TAR_SYMLINK, "c", "c/d", 1);
	add(&f, TAR_FILE, "c/x", "x", 1);
	CU_ASSERT(unpack(&f, &err) < 0);
	tear_down(&f);
}

static void refused(enum tar_type type, const char *path, const char *more, int code)
{
	struct fixture f;
	struct err err;

	set_up(&f);
	add(&f, TAR_FILE, "file", "x", 1);
	add(&f, TAR_SYMLINK, "link", "/", 1);
	add(&f, type, path, more, 1);
	CU_ASSERT(unpack(&f, &err) == -code);
	tear_down(&f);
}

static void hostile_entries_are_refused(void)
{
	refused(TAR_FILE, "../x", "x", E_SYNTAX);
	refused(TAR_FILE, ".wh...", "", E_SYNTAX);
	refused(TAR_SYMLINK, "./", "/etc", E_SYNTAX);
	refused(TAR_SYMLINK, "s", "", E_SYNTAX);
	refused(TAR_CHAR, "c", "", E_UNSUPPORTED); /* 0:0 */
	refused(TAR_HARDLINK, "h", "missing", E_SYNTAX);
	refused(TAR_HARDLINK, "h", "../out", E_SYNTAX);
	refused(TAR_HARDLINK, "h", "file/x", E_SYNTAX);
	refused(TAR_FILE, "file/x", "x", ENOTDIR);
	refused(TAR_FILE, "link/.wh.file", "", E_SYNTAX);
	refused(TAR_FILE, "link/.wh..wh..opq", "", E_SYNTAX);
}

static void devices_are_counted(void)
{
	struct tar_entry e = {
		.type = TAR_CHAR, .path = "null", .link = "", .dev_major = 1, .dev_minor = 3};
	struct fixture f;
	struct err err;

	set_up(&f);
	UNIT_OK(tar_writer_entry(f.writer, &e, &err), &err);
	unpacks(&f);
	CU_ASSERT(f.result.skipped == 1 && !exists(&f, "null"));
	tear_down(&f);
}

static void whiteouts_remove(void)
{
	struct fixture f;

	set_up(&f);
	add(&f, TAR_FILE, "d/a", "a", 1);
	add(&f, TAR_FILE, "d/b", "b", 1);
	add(&f, TAR_FILE, "full/x/y/z", "z", 1);
	unpacks(&f);
	add(&f, TAR_FILE, "d/.wh.a", "", 1);
	add(&f, TAR_FILE, ".wh.full", "", 1);
	add(&f, TAR_FILE, "not/there/.wh.a", "", 1);
	add(&f, TAR_FILE, "d/.wh.missing", "", 1);
	unpacks(&f);
	CU_ASSERT(!exists(&f, "d/a") && exists(&f, "d/b") && !exists(&f, "full"));
	CU_ASSERT(!exists(&f, "not"));
	tear_down(&f);
}

/* In any order: what a layer brings stays, what it found goes. */
static void whiteouts_spare_their_own_layer(void)
{
	struct fixture f;

	set_up(&f);
	add(&f, TAR_FILE, "d/old", "o", 1);
	add(&f, TAR_FILE, "d/sub/old", "o", 1);
	add(&f, TAR_FILE, "d/kept/deep/old", "o", 1);
	add(&f, TAR_FILE, "again", "old", 1);
	unpacks(&f);
	add(&f, TAR_FILE, "d/new", "n", 1);
	add(&f, TAR_FILE, "d/kept/deep/new", "n", 1);
	add(&f, TAR_FILE, "d/.wh..wh..opq", "", 1);
	add(&f, TAR_FILE, "d/after", "n", 1);
	add(&f, TAR_FILE, "again", "new", 1);
	add(&f, TAR_FILE, ".wh.again", "", 1);
	unpacks(&f);
	contains(&f, "d/new", "n");
	contains(&f, "d/after", "n");
	contains(&f, "d/kept/deep/new", "n");
	contains(&f, "again", "new");
	CU_ASSERT(!exists(&f, "d/old") && !exists(&f, "d/sub"));
	CU_ASSERT(!exists(&f, "d/kept/deep/old"));
	tear_down(&f);
}

static void overlay_whiteouts_are_devices(void)
{
	struct fixture f;
	struct stat st;

	set_up(&f);
	f.whiteouts = LAYER_WHITEOUTS_OVERLAY;
	add(&f, TAR_FILE, "d/.wh.gone", "", 1);
	add(&f, TAR_FILE, "both", "x", 1);
	add(&f, TAR_FILE, ".wh.both", "", 1);
	add(&f, TAR_FILE, ".wh.first", "", 1);
	add(&f, TAR_FILE, "first", "y", 1);
	unpacks(&f);
	CU_ASSERT(fstatat(f.root, "d/gone", &st, AT_SYMLINK_NOFOLLOW) == 0);
	CU_ASSERT(S_ISCHR(st.st_mode) && st.st_rdev == 0);
	contains(&f, "both", "x");
	contains(&f, "first", "y");
	tear_down(&f);
}

static void entries_are_limited(void)
{
	const struct layer_unpack_target base = {.implied_fd = -1, .max_entries = 2};
	struct layer_unpack_target target = base;
	struct layer_result result = {0};
	own_stream struct stream *in = NULL;
	own_tar_reader struct tar_reader *tar = NULL;
	const char *warning;
	struct fixture f;
	struct err err;

	set_up(&f);
	target.root = f.root;
	for (int i = 0; i < 3; i++)
		add(&f, TAR_FILE, "same", "x", 1);
	UNIT_OK(tar_writer_finish(f.writer, &err), &err);
	in = stream_from_memory(f.tar.data, f.tar.len);
	tar = tar_reader_new(in);
	CU_ASSERT(layer_unpack_entries(tar, &target, &result, &warning, &err) == -E_LIMIT);
	tear_down(&f);
}

UNIT_TESTS(layer_unpack) = {
	{"directories end with their own times, in any order of entries", times_of_directories},
	{"the last entry of a name wins, and other names of a file stay", last_one_wins},
	{"links are resolved inside the root", links_resolve_inside},
	{"loops of links end", loops_end},
	{"hostile entries are refused", hostile_entries_are_refused},
	{"devices that cannot be made are counted", devices_are_counted},
	{"whiteouts remove what lower layers left", whiteouts_remove},
	{"whiteouts spare what their own layer brings", whiteouts_spare_their_own_layer},
	{"whiteouts are kept in overlayfs's form", overlay_whiteouts_are_devices},
	{"the number of entries is limited", entries_are_limited},
};
UNIT_COUNT(layer_unpack)
