/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/tar_format.h"
#include "tests/unit/memory_stream.h"
#include "tests/unit/unit.h"

static int to_buf(void *arg, const void *data, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, data, len);
	return 0;
}

static struct tar_entry file(const char *path, uint64_t size)
{
	return (struct tar_entry){.type = TAR_FILE,
		.path = path,
		.link = "",
		.mode = 0644,
		.uid = 1,
		.gid = 2,
		.size = size,
		.mtime = 1700000000};
}

static void write_one(const struct tar_entry *e, const char *data, struct buf *out)
{
	own_tar_writer struct tar_writer *w = tar_writer_new(to_buf, out);
	struct err err;

	UNIT_OK(tar_writer_entry(w, e, &err), &err);
	if (e->size)
		UNIT_OK(tar_writer_data(w, data, e->size, &err), &err);
	UNIT_OK(tar_writer_finish(w, &err), &err);
}

/* The first entry of an archive; its strings are copied into the arena. */
static int read_first(const struct buf *tar, struct tar_entry *e, struct arena *a, struct err *err)
{
	own_stream struct stream *in = stream_from_memory(tar->data, tar->len);
	own_tar_reader struct tar_reader *r = tar_reader_new(in);
	struct tar_xattr *xattrs;
	int result = tar_reader_next(r, e, err);

	if (result <= 0)
		return result;
	e->path = arena_strdup(a, e->path);
	e->link = arena_strdup(a, e->link);
	xattrs = arena_array(a, e->nxattrs ? e->nxattrs : 1, sizeof(*xattrs));
	for (size_t i = 0; i < e->nxattrs; i++) {
		xattrs[i].name = arena_strdup(a, e->xattrs[i].name);
		xattrs[i].value = memcpy(
			arena_alloc(a, e->xattrs[i].len + 1), e->xattrs[i].value, e->xattrs[i].len);
		xattrs[i].len = e->xattrs[i].len;
	}
	e->xattrs = xattrs;
	return result;
}

static void equal(const struct tar_entry *got, const struct tar_entry *want)
{
	CU_ASSERT(got->type == want->type);
	UNIT_STRING(got->path, want->path);
	UNIT_STRING(got->link, want->link);
	CU_ASSERT(got->mode == want->mode && got->uid == want->uid && got->gid == want->gid);
	CU_ASSERT(got->size == want->size && got->mtime == want->mtime);
	CU_ASSERT(got->dev_major == want->dev_major && got->dev_minor == want->dev_minor);
	CU_ASSERT_FATAL(got->nxattrs == want->nxattrs);
	for (size_t i = 0; i < want->nxattrs; i++) {
		UNIT_STRING(got->xattrs[i].name, want->xattrs[i].name);
		CU_ASSERT(got->xattrs[i].len == want->xattrs[i].len &&
			memcmp(got->xattrs[i].value, want->xattrs[i].value, want->xattrs[i].len) ==
				0);
	}
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

static const struct tar_xattr xattrs[] = {
	{"security.capability", "\1\0\0\2\0=\n\0", 8}, {"user.empty", "", 0}};

static const struct tar_entry samples[] = {
	{.type = TAR_FILE, .path = "plain", .link = "", .mode = 04755},
	{.type = TAR_FILE,
		.path = LONG "/" LONG,
		.link = "",
		.mode = 0600,
		.uid = 4294967294u,
		.gid = 2097152},
	{.type = TAR_FILE, .path = LONG LONG "/" LONG LONG, .link = "", .mtime = -5},
	{.type = TAR_DIR, .path = "dir/", .link = "", .mode = 01777, .mtime = 1ll << 34},
	{.type = TAR_SYMLINK, .path = "link", .link = LONG LONG "/target", .mode = 0777},
	{.type = TAR_HARDLINK, .path = "hard", .link = "plain"},
	{.type = TAR_CHAR, .path = "null", .link = "", .dev_major = 1, .dev_minor = 3},
	{.type = TAR_BLOCK, .path = "disk", .link = "", .dev_major = 0xfff, .dev_minor = 0xfffff},
	{.type = TAR_FIFO, .path = "fifo", .link = "", .mode = 0644},
	{.type = TAR_FILE,
		.path = "Zaj\xc4\x85"
			"c.crt",
		.link = ""},
	{.type = TAR_FILE, .path = "latin1 \xe9\xff", .link = ""},
	{.type = TAR_SYMLINK, .path = "l", .link = "latin1 \xe9\xff"},
	{.type = TAR_FILE, .path = "attributes", .link = "", .xattrs = xattrs, .nxattrs = 2},
};

static void entries_come_back(void)
{
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf tar = {0}, again = {0};
		struct tar_entry e;
		struct err err;

		write_one(&samples[i], NULL, &tar);
		write_one(&samples[i], NULL, &again);
		CU_ASSERT(tar.len == again.len && memcmp(tar.data, again.data, tar.len) == 0);
		UNIT_OK(read_first(&tar, &e, &a, &err), &err);
		equal(&e, &samples[i]);
	}
}

/* libarchive as a witness: it reads what we write. */
static void another_reader_agrees(void)
{
	own_buf struct buf tar = {0};
	own_tar_writer struct tar_writer *w = tar_writer_new(to_buf, &tar);
	struct archive *theirs = archive_read_new();
	struct archive_entry *e;
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++)
		UNIT_OK(tar_writer_entry(w, &samples[i], &err), &err);
	UNIT_OK(tar_writer_finish(w, &err), &err);
	archive_read_support_format_tar(theirs);
	CU_ASSERT_FATAL(archive_read_open_memory(theirs, tar.data, tar.len) == ARCHIVE_OK);
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const struct tar_entry *want = &samples[i];
		const char *path;

		CU_ASSERT_FATAL(archive_read_next_header(theirs, &e) <= ARCHIVE_OK);
		path = archive_entry_pathname_utf8(e);
		if (path && !strchr(path, '?') && *want->path != 'l')
			UNIT_STRING(path, want->path);
		CU_ASSERT(archive_entry_uid(e) == want->uid && archive_entry_gid(e) == want->gid);
		CU_ASSERT(archive_entry_mtime(e) == want->mtime);
		CU_ASSERT((archive_entry_perm(e) & 07777) == want->mode);
		CU_ASSERT(archive_entry_xattr_count(e) == (int)want->nxattrs);
		if (want->type == TAR_BLOCK)
			CU_ASSERT(archive_entry_rdev(e) == makedev(0xfff, 0xfffff));
	}
	CU_ASSERT(archive_read_next_header(theirs, &e) == ARCHIVE_EOF);
	archive_read_free(theirs);
}

static la_ssize_t theirs_write(struct archive *a, void *arg, const void *data, size_t len)
{
	(void)a;
	buf_add(arg, data, len);
	return (la_ssize_t)len;
}

static void write_theirs(int format, struct buf *tar)
{
	struct archive *theirs = archive_write_new();
	struct archive_entry *e = archive_entry_new();

	archive_write_set_format(theirs, format);
	archive_write_set_options(theirs, "hdrcharset=BINARY");
	CU_ASSERT_FATAL(archive_write_open(theirs, tar, NULL, theirs_write, NULL) == ARCHIVE_OK);
	archive_entry_set_pathname(e, LONG LONG "/" LONG);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 02750);
	archive_entry_set_uid(e, 3000000);
	archive_entry_set_gid(e, 7);
	archive_entry_set_size(e, 3);
	archive_entry_set_mtime(e, 1234567890, 0);
	CU_ASSERT(archive_write_header(theirs, e) == ARCHIVE_OK);
	CU_ASSERT(archive_write_data(theirs, "abc", 3) == 3);
	CU_ASSERT(archive_write_close(theirs) == ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(theirs);
}

static void other_writers_are_read(void)
{
	static const int formats[] = {
		ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FORMAT_TAR_GNUTAR};
	const struct tar_entry want = {.type = TAR_FILE,
		.path = LONG LONG "/" LONG,
		.link = "",
		.mode = 02750,
		.uid = 3000000,
		.gid = 7,
		.size = 3,
		.mtime = 1234567890};

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf tar = {0};
		struct tar_entry e;
		struct err err;

		write_theirs(formats[i], &tar);
		UNIT_OK(read_first(&tar, &e, &a, &err), &err);
		equal(&e, &want);
	}
}

/* Hands out single bytes: nothing may depend on blocks. */
static void data_comes_whole(void)
{
	own_buf struct buf tar = {0}, out = {0};
	own_mem char *content = xmalloc(700000);
	struct tar_entry e = file("big", 700000);
	own_stream struct stream *in = NULL;
	own_tar_reader struct tar_reader *r = NULL;
	const void *data;
	uint64_t offset;
	struct err err;
	ssize_t n;

	for (size_t i = 0; i < 700000; i++)
		content[i] = (char)(i * 31 >> 3);
	write_one(&e, content, &tar);
	CU_ASSERT(tar.len % 512 == 0);
	in = stream_from_memory(tar.data, tar.len);
	r = tar_reader_new(in);
	CU_ASSERT_FATAL(tar_reader_next(r, &e, &err) == 1);
	while ((n = tar_reader_data(r, &data, &offset, &err)) > 0) {
		CU_ASSERT(offset == out.len);
		buf_add(&out, data, (size_t)n);
	}
	CU_ASSERT(n == 0 && out.len == 700000 && memcmp(out.data, content, out.len) == 0);
	CU_ASSERT(tar_reader_next(r, &e, &err) == 0);
}

static void every_cut_is_an_error(void)
{
	own_buf struct buf tar = {0};
	const struct tar_entry e = file(LONG LONG "/" LONG LONG, 600);
	own_mem char *content = xcalloc(1, 600);

	write_one(&e, content, &tar);
	/* what pads the last entry may be missing, and so may the end marker */
	for (size_t len = 1; len < tar.len - 1024 - 424; len += 111) {
		own_stream struct stream *in = stream_from_memory(tar.data, len);
		own_tar_reader struct tar_reader *r = tar_reader_new(in);
		struct tar_entry got;
		struct err err;
		int result;

		while ((result = tar_reader_next(r, &got, &err)) > 0)
			;
		CU_ASSERT(result == -E_SYNTAX);
	}
}

static void fix_checksum(struct tar_header *h)
{
	snprintf(h->checksum, sizeof(h->checksum), "%06o", tar_checksum(h));
}

/* An archive whose header a case has bent, and what must come of it. */
static void impossible_headers_are_refused(void)
{
	static const struct {
		size_t offset;
		const char *bytes;
		size_t len;
		int code;
	} table[] = {
		{offsetof(struct tar_header, uid), "\xff\xff\xff\xff\xff\xff\xff\xff", 8, E_SYNTAX},
		{offsetof(struct tar_header, gid), "\x80\0\0\0\xff\xff\xff\xff", 8, E_SYNTAX},
		{offsetof(struct tar_header, uid), "\x80\0\0\1\0\0\0\0", 8, E_SYNTAX},
		{offsetof(struct tar_header, uid), "12x4567", 8, E_SYNTAX},
		{offsetof(struct tar_header, size),
			"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfb", 12, E_SYNTAX},
		{offsetof(struct tar_header, size), "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
			12, E_LIMIT},
		{offsetof(struct tar_header, size), "\x80\1\0\0\0\0\0\0\0\0\0\0", 12, E_SYNTAX},
		{offsetof(struct tar_header, mtime), "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
			12, E_SYNTAX},
		{offsetof(struct tar_header, mtime), "\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", 12,
			E_SYNTAX},
		{offsetof(struct tar_header, type), "V", 1, E_UNSUPPORTED},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf tar = {0};
		struct tar_entry e = file("f", 0);
		struct err err;

		write_one(&e, NULL, &tar);
		memcpy(tar.data + table[i].offset, table[i].bytes, table[i].len);
		fix_checksum((struct tar_header *)tar.data);
		CU_ASSERT(read_first(&tar, &e, &a, &err) == -table[i].code);
	}
}

/* An archive with a pax header of our making in front of a file. */
static void with_pax(struct buf *tar, const char *records, size_t len)
{
	const struct tar_entry e = file("f", 0);
	own_buf struct buf plain = {0};
	struct tar_entry x = file("x", len);
	own_buf struct buf pax = {0};

	write_one(&x, records, &pax);
	((struct tar_header *)pax.data)->type = 'x';
	fix_checksum((struct tar_header *)pax.data);
	write_one(&e, NULL, &plain);
	buf_add(tar, pax.data, pax.len - 1024);
	buf_add(tar, plain.data, plain.len);
}

static void pax_values_are_checked(void)
{
	static const struct {
		const char *record;
		int result;
	} table[] = {
		{"10 uid=77\n", 1},
		{"10 uid=-1\n", -E_SYNTAX},
		{"18 uid=4294967295\n", -E_SYNTAX},
		{"18 gid=4294967296\n", -E_SYNTAX},
		{"11 size=-5\n", -E_SYNTAX},
		{"28 size=9223372036854775807\n", -E_LIMIT},
		{"29 size=92233720368547758070\n", -E_SYNTAX},
		{"29 mtime=9223372036854775807\n", -E_SYNTAX},
		{"30 mtime=-9223372036854775808\n", -E_SYNTAX},
		{"14 mtime=1.5x\n", -E_SYNTAX},
		{"15 mtime=-1.25\n", 1},
		{"10 uid= 7\n", -E_SYNTAX},
		{"10 uid=7\n", -E_SYNTAX},
		{"9 uid=7", -E_SYNTAX},
		{"uid=7\n", -E_SYNTAX},
		{"7 =abc\n", -E_SYNTAX},
		{"99999999999999999999 a=b\n", -E_SYNTAX},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		own_arena struct arena a = {0};
		own_buf struct buf tar = {0};
		struct tar_entry e;
		struct err err;
		int result;

		with_pax(&tar, table[i].record, strlen(table[i].record));
		result = read_first(&tar, &e, &a, &err);
		if (result != table[i].result)
			printf("%s -> %d %s\n", table[i].record, result, result < 0 ? err.msg : "");
		CU_ASSERT(result == table[i].result);
	}
}

static void pax_strings_hold_no_nul(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf tar = {0};
	struct tar_entry e;
	struct err err;

	with_pax(&tar, "12 path=a\0b\n", 12);
	CU_ASSERT(read_first(&tar, &e, &a, &err) == -E_SYNTAX);
}

static void times_before_the_epoch(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf tar = {0};
	struct tar_entry e;
	struct err err;

	with_pax(&tar, "15 mtime=-1.25\n", 15);
	UNIT_OK(read_first(&tar, &e, &a, &err), &err);
	CU_ASSERT(e.mtime == -2 && e.mtime_ns == 750000000);
}

static void large_pax_headers_are_refused(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf tar = {0}, text = {0};
	struct tar_entry e;
	struct err err;

	buf_adds(&text, "2000000 comment=");
	buf_reserve(&text, 2000000);
	memset(text.data + text.len, 'A', 2000000 - text.len);
	text.data[1999999] = '\n';
	text.len = 2000000;
	with_pax(&tar, text.data, text.len);
	CU_ASSERT(read_first(&tar, &e, &a, &err) == -E_LIMIT);
}

static void too_many_attributes_are_refused(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf tar = {0}, text = {0};
	struct tar_entry e;
	struct err err;

	for (int i = 0; i <= TAR_XATTRS_MAX; i++)
		buf_addf(&text, "28 SCHILY.xattr.user.%04d=x\n", i);
	with_pax(&tar, text.data, text.len);
	CU_ASSERT(read_first(&tar, &e, &a, &err) == -E_LIMIT);
}

static void long_names_are_refused(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf tar = {0}, text = {0};
	struct tar_entry e;
	struct err err;

	buf_adds(&text, "4200 path=");
	while (text.len < 4199)
		buf_adds(&text, "d");
	buf_addc(&text, '\n');
	with_pax(&tar, text.data, text.len);
	CU_ASSERT(read_first(&tar, &e, &a, &err) == -E_LIMIT);
}

static void sparse_maps_are_checked(void)
{
	static const struct {
		const char *map;
		uint64_t stored, size;
		int code;
	} table[] = {
		{"0,10,100,5", 15, 200, 0},
		{"", 0, 200, 0},
		{"0,10,5,5", 15, 200, E_SYNTAX},      /* overlap */
		{"0,10,100,5", 14, 200, E_SYNTAX},    /* not what is stored */
		{"0,10,100,101", 111, 200, E_SYNTAX}, /* over the end */
		{"0,-1", 0, 200, E_SYNTAX},
		{"9223372036854775807,9223372036854775807", 0, 200, E_SYNTAX},
		{"0,10,100", 10, 200, E_SYNTAX}, /* half a pair */
		{"x", 0, 200, E_SYNTAX},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct tar_map map = {0};
		struct err err = {0};

		if (tar_map_add_text(&map, table[i].map, &err) == 0)
			tar_map_check(&map, table[i].stored, table[i].size, &err);
		CU_ASSERT(err.code == table[i].code);
		free(map.regions);
	}
}

/* A reader whose locale is another one must not guess what bytes over 0x7f mean. */
static void names_beyond_ascii(void)
{
	static const struct tar_entry entry = {.type = TAR_SYMLINK,
		.path = "caf\xc3\xa9",
		.link = "d\xc3\xa9j\xc3\xa0",
		.mode = 0777};
	static const char path[] = "14 path=caf\xc3\xa9\n",
			  link[] = "19 linkpath=d\xc3\xa9j\xc3\xa0\n";
	own_buf struct buf tar = {0};

	write_one(&entry, NULL, &tar);
	CU_ASSERT_PTR_NOT_NULL(memmem(tar.data, tar.len, path, strlen(path)));
	CU_ASSERT_PTR_NOT_NULL(memmem(tar.data, tar.len, link, strlen(link)));
}

static void not_a_tar(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct tar_entry e;
	struct err err;

	while (text.len < 2048)
		buf_adds(&text, "this is no tar archive. ");
	CU_ASSERT(read_first(&text, &e, &a, &err) == -E_SYNTAX);
	UNIT_STRING(err.msg, "not a tar archive: wrong checksum in a header");
}

static void writer_checks_its_caller(void)
{
	own_buf struct buf tar = {0};
	own_tar_writer struct tar_writer *w = tar_writer_new(to_buf, &tar);
	struct tar_entry e = file("f", 2);
	struct err err;

	UNIT_OK(tar_writer_entry(w, &e, &err), &err);
	CU_ASSERT(tar_writer_data(w, "abc", 3, &err) == -E_SIZE_MISMATCH);
}

/* All of the archive's data by splice(2) where that can be, and by reading where not. */
static void read_spliced(int fd, bool inflate, struct buf *out, uint64_t *spliced)
{
	struct stream *plain = stream_from_fd(fd);
	own_stream struct stream *in = inflate ? stream_inflate(plain, NULL) : plain;
	own_tar_reader struct tar_reader *r = tar_reader_new(in);
	struct tar_entry e;
	uint64_t offset;
	const void *data;
	struct err err;
	int ends[2];
	int64_t n;

	CU_ASSERT_FATAL(pipe2(ends, O_CLOEXEC) == 0);
	*spliced = 0;
	while (tar_reader_next(r, &e, &err) == 1) {
		for (;;) {
			char block[65536];

			n = tar_reader_splice(r, ends[1], &err);
			CU_ASSERT_FATAL(n >= 0);
			*spliced += (uint64_t)n;
			for (int64_t left = n; left > 0;) {
				ssize_t got = read(ends[0], block, sizeof(block));

				CU_ASSERT_FATAL(got > 0);
				buf_add(out, block, (size_t)got);
				left -= got;
			}
			if (n > 0)
				continue;
			n = tar_reader_data(r, &data, &offset, &err);
			if (n <= 0)
				break;
			buf_add(out, data, (size_t)n);
		}
		CU_ASSERT(n == 0);
	}
	close(ends[0]);
	close(ends[1]);
}

static void data_is_spliced(void)
{
	own_buf struct buf tar = {0}, content = {0}, wanted = {0};
	const size_t sizes[] = {3000000, 1, 700000, 512};
	own_tar_writer struct tar_writer *w = tar_writer_new(to_buf, &tar);
	own_fd int fd = memfd_create("tar", MFD_CLOEXEC);
	struct err err;

	for (size_t i = 0; i < 3000000; i++)
		buf_addc(&content, (char)(i * 31 >> 3));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const struct tar_entry e = file("some", sizes[i]);

		UNIT_OK(tar_writer_entry(w, &e, &err), &err);
		UNIT_OK(tar_writer_data(w, content.data, sizes[i], &err), &err);
		buf_add(&wanted, content.data, sizes[i]);
	}
	UNIT_OK(tar_writer_finish(w, &err), &err);
	CU_ASSERT_FATAL(write(fd, tar.data, tar.len) == (ssize_t)tar.len);
	for (int inflate = 0; inflate < 2; inflate++) {
		own_buf struct buf got = {0};
		uint64_t spliced;

		CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_SET), 0);
		read_spliced(fd, inflate, &got, &spliced);
		CU_ASSERT(got.len == wanted.len && memcmp(got.data, wanted.data, got.len) == 0);
		CU_ASSERT(spliced > 2500000);
	}
}

UNIT_TESTS(tar) = {
	{"data is moved into a pipe without being read, and none is lost", data_is_spliced},
	{"what is written comes back, and the same entry gives the same bytes", entries_come_back},
	{"libarchive reads what we write", another_reader_agrees},
	{"we read what libarchive writes, as pax and as GNU tar", other_writers_are_read},
	{"data comes whole, whatever the blocks", data_comes_whole},
	{"an archive that ends in an entry is an error", every_cut_is_an_error},
	{"impossible owners, sizes and times in headers are refused",
		impossible_headers_are_refused},
	{"impossible and malformed pax records are refused", pax_values_are_checked},
	{"names hold no NUL", pax_strings_hold_no_nul},
	{"times before the epoch have their fraction right", times_before_the_epoch},
	{"pax headers over 1 MiB are refused", large_pax_headers_are_refused},
	{"too many extended attributes are refused", too_many_attributes_are_refused},
	{"names that no system call takes are refused", long_names_are_refused},
	{"maps of sparse files are checked", sparse_maps_are_checked},
	{"names beyond ASCII are pax records", names_beyond_ascii},
	{"what is no tar is said to be none", not_a_tar},
	{"the writer refuses more data than announced", writer_checks_its_caller},
};
UNIT_COUNT(tar)
