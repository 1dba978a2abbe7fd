/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/monitor_log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

struct fixture {
	char path[64];
	struct monitor_log log;
	struct monitor_log_line line;
	struct buf text;
};

static void start(struct fixture *f, const char *before)
{
	struct err err = {0};
	int fd;

	memset(f, 0, sizeof(*f));
	f->line.stream = "stderr";
	strcpy(f->path, "/tmp/kist-monitor-log-XXXXXX");
	fd = mkstemp(f->path);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT(io_write_full(fd, before, strlen(before)) == 0);
	close(fd);
	UNIT_OK(monitor_log_open(&f->log, f->path, &err), &err);
}

static void stop(struct fixture *f)
{
	struct err err = {0};

	monitor_log_end(&f->log, &f->line);
	monitor_log_close(&f->log);
	UNIT_OK(io_read_file(AT_FDCWD, f->path, 1 << 24, &f->text, &err), &err);
	unlink(f->path);
}

/* Parse every line and put the "log" members together; each length goes into lens. */
static void join(const char *text, struct buf *out, size_t *lens, size_t *count)
{
	*count = 0;
	while (*text) {
		own_arena struct arena a = {0};
		struct err err = {0};
		size_t n = strcspn(text, "\n");
		struct json *doc = json_parse(&a, text, n, JSON_LINE_MAX, &err);
		const char *log = json_get_string(doc, "log");

		CU_ASSERT_FATAL(log != NULL);
		UNIT_STRING(json_get_string(doc, "stream"), "stderr");
		buf_adds(out, log);
		if (*count < 16)
			lens[*count] = strlen(log);
		++*count;
		text += n + 1;
	}
}

static void lines_in_pieces(void)
{
	own_buf struct buf joined = {0};
	struct fixture f;
	size_t lens[16], count;

	start(&f, "");
	monitor_log_add(&f.log, &f.line, "on", 2);
	monitor_log_add(&f.log, &f.line, "e\ntwo\nthr", 9);
	monitor_log_add(&f.log, &f.line, "ee", 2);
	stop(&f);
	join(buf_str(&f.text), &joined, lens, &count);
	CU_ASSERT_EQUAL(count, 3);
	CU_ASSERT_EQUAL(lens[0], 4);
	CU_ASSERT_EQUAL(lens[2], 5);
	UNIT_STRING(buf_str(&joined), "one\ntwo\nthree");
	buf_release(&f.text);
}

/* However the bytes arrive, the records are the same. */
static void long_lines(void)
{
	static const size_t pieces[] = {1, 7, 4096, 16384, 16385, 65536};
	own_mem char *data = xmalloc(50000);

	memset(data, 'x', 50000);
	data[49999] = '\n';
	for (size_t k = 0; k < ARRAY_LEN(pieces); k++) {
		own_buf struct buf joined = {0};
		struct fixture f;
		size_t lens[16], count;

		start(&f, "");
		for (size_t i = 0; i < 50000; i += pieces[k])
			monitor_log_add(&f.log, &f.line, data + i,
				50000 - i < pieces[k] ? 50000 - i : pieces[k]);
		stop(&f);
		join(buf_str(&f.text), &joined, lens, &count);
		CU_ASSERT_EQUAL_FATAL(count, 4);
		CU_ASSERT_EQUAL(lens[0], 16384);
		CU_ASSERT_EQUAL(lens[2], 16384);
		CU_ASSERT_EQUAL(lens[3], 50000 - 3 * 16384);
		CU_ASSERT(joined.len == 50000 && memcmp(joined.data, data, 50000) == 0);
		buf_release(&f.text);
	}
}

static void cuts_between_characters(void)
{
	own_buf struct buf joined = {0}, data = {0};
	struct fixture f;
	size_t lens[16], count;

	buf_addc(&data, '.');
	for (int i = 0; i < 10000; i++)
		buf_adds(&data, "\xe2\x82\xac");
	start(&f, "");
	monitor_log_add(&f.log, &f.line, data.data, data.len);
	stop(&f);
	CU_ASSERT_PTR_NULL(strstr(buf_str(&f.text), "log64"));
	join(buf_str(&f.text), &joined, lens, &count);
	CU_ASSERT_EQUAL(count, 2);
	CU_ASSERT_EQUAL(lens[0], 16384 - (16384 - 1) % 3);
	UNIT_STRING(buf_str(&joined), buf_str(&data));
	buf_release(&f.text);
}

static void cuts_half_record(void)
{
	struct fixture f;

	start(&f, "{\"log\":\"a\"}\n{\"log\":\"hal");
	monitor_log_add(&f.log, &f.line, "b\n", 2);
	stop(&f);
	CU_ASSERT(strncmp(buf_str(&f.text), "{\"log\":\"a\"}\n{\"log\":\"b\\n\"", 24) == 0);
	buf_release(&f.text);
	start(&f, "no newline at all");
	stop(&f);
	UNIT_STRING(buf_str(&f.text), "");
	buf_release(&f.text);
}

UNIT_TESTS(monitor_log) = {
	{"a line that comes in pieces becomes one record", lines_in_pieces},
	{"a line over 16 KiB becomes the same records however it arrives", long_lines},
	{"an overlong line is cut between characters", cuts_between_characters},
	{"half a record left by a killed monitor is cut off", cuts_half_record},
};
UNIT_COUNT(monitor_log)
