/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/exit_record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "spec/document_version.h"

#define RECORD_MAX (64 * 1024)

#define ROW(member, kind, ...)                                                                     \
	FIELD(struct exit_record, member, #member, kind, .flags = (SCHEMA_ALWAYS __VA_ARGS__))

static const struct schema_field fields[] = {
	ROW(version, SCHEMA_INT64),
	ROW(exit_code, SCHEMA_INT64, | SCHEMA_REQUIRED),
	ROW(signal, SCHEMA_INT64),
	ROW(oom_killed, SCHEMA_BOOL),
	ROW(started_at, SCHEMA_STRING),
	ROW(finished_at, SCHEMA_STRING),
	ROW(error, SCHEMA_STRING),
};

const struct schema exit_record_schema = SCHEMA(struct exit_record, fields);

/* What is known at the start. */
static const struct schema_field begun_fields[] = {
	ROW(version, SCHEMA_INT64),
	ROW(started_at, SCHEMA_STRING, | SCHEMA_REQUIRED),
};

static const struct schema begun_schema = SCHEMA(struct exit_record, begun_fields);

struct begun_name {
	char text[PATH_MAX + sizeof(EXIT_RECORD_STARTED)];
};

static const char *begun(const char *name, struct begun_name *to)
{
	snprintf(to->text, sizeof(to->text), "%s" EXIT_RECORD_STARTED, name);
	return to->text;
}

/* Write over what NAME.started holds; whoever reads it meanwhile finds it damaged, or whole. */
static int write_begun(int dirfd, const char *path, unsigned open_flags,
	const struct schema *schema, const struct exit_record *record, struct err *err)
{
	own_arena struct arena arena = {0};
	own_buf struct buf text = {0};
	own_fd int fd = openat(
		dirfd, path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (int)open_flags, 0600);
	int r;

	if (fd < 0)
		return err_errno(err, "cannot write '%s'", path);
	json_write(schema_encode(schema, record, &arena), JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	r = io_write_full(fd, text.data, text.len);
	if (r == 0 && ftruncate(fd, (off_t)text.len) < 0)
		r = -errno;
	return r < 0 ? err_set(err, -r, "cannot write '%s': %s", path, strerror(-r)) : 0;
}

int exit_record_begin(int dirfd, const char *name, const char *started_at, struct err *err)
{
	const struct exit_record record = {
		.version = EXIT_RECORD_VERSION, .started_at = started_at};
	struct begun_name path;

	return write_begun(dirfd, begun(name, &path), O_TRUNC, &begun_schema, &record, err);
}

int exit_record_end(int dirfd, const char *name, const struct exit_record *record, struct err *err)
{
	struct exit_record ours = *record;
	struct begun_name path;

	ours.version = EXIT_RECORD_VERSION;
	if (write_begun(dirfd, begun(name, &path), 0, &exit_record_schema, &ours, err) < 0)
		return -err->code;
	return renameat(dirfd, path.text, dirfd, name) < 0
		? err_errno(err, "cannot write '%s'", name)
		: 0;
}

static int decode(const struct schema *schema, const struct buf *text, struct exit_record *record,
	struct arena *a, struct err *err)
{
	struct exit_record r;

	if (schema_decode_text(schema, buf_str(text), text->len, RECORD_MAX, &r, a, err) < 0)
		return -err->code;
	if (document_version_check(r.version, EXIT_RECORD_VERSION, err) < 0)
		return -err->code;
	r.started_at = r.started_at ? r.started_at : "";
	r.finished_at = r.finished_at ? r.finished_at : "";
	r.error = r.error ? r.error : "";
	*record = r;
	return 0;
}

/* The whole name of a file that people shall look at. */
static int blame(int dirfd, const char *name, struct err *err)
{
	char link[40], dir[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dirfd);
	n = *name == '/' ? -1 : readlink(link, dir, sizeof(dir) - 1);
	if (n < 0)
		return err_wrap(err, "exit record '%s' cannot be read", name);
	dir[n] = '\0';
	return err_wrap(err, "exit record '%.300s/%s' cannot be read", dir, name);
}

int exit_record_read(
	int dirfd, const char *name, struct exit_record *record, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_file(dirfd, name, RECORD_MAX, &text, err) < 0)
		return err->code == ENOENT ? 0 : blame(dirfd, name, err);
	if (decode(&exit_record_schema, &text, record, a, err) < 0)
		return blame(dirfd, name, err);
	return 1;
}

int exit_record_started(int dirfd, const char *name, const char **started_at, struct arena *a)
{
	struct begun_name path;
	own_buf struct buf text = {0};
	struct exit_record record;
	struct err ignored;

	if (io_read_file(dirfd, begun(name, &path), RECORD_MAX, &text, &ignored) < 0 ||
		decode(&begun_schema, &text, &record, a, &ignored) < 0 || !*record.started_at)
		return 0;
	*started_at = record.started_at;
	return 1;
}

int exit_record_settle(int dirfd, const char *name, struct err *err)
{
	own_arena struct arena arena = {0};
	own_buf struct buf text = {0};
	struct exit_record record = {0};
	struct begun_name path;
	struct err ignored;
	char now[IO_TIME_MAX];

	io_time_now(now);
	if (io_read_file(dirfd, begun(name, &path), RECORD_MAX, &text, &ignored) == 0 &&
		decode(&exit_record_schema, &text, &record, &arena, &ignored) == 0)
		return exit_record_end(dirfd, name, &record, err);
	if (exit_record_started(dirfd, name, &record.started_at, &arena) == 0)
		record.started_at = "";
	record.exit_code = 137;
	record.signal = 9;
	record.finished_at = now;
	record.error = "its monitor was killed";
	return exit_record_end(dirfd, name, &record, err);
}
