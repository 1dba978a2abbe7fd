/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/exit_record.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

struct place {
	char path[64];
	int dir;
	struct arena arena;
};

static void begin(struct place *p)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->path, sizeof(p->path), "/tmp/kist-exit-record-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p->path));
	p->dir = open(p->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	CU_ASSERT_FATAL(p->dir >= 0);
}

static void end(struct place *p)
{
	struct err err = {0};

	UNIT_OK(path_remove_tree(AT_FDCWD, p->path, &err), &err);
	close(p->dir);
	arena_release(&p->arena);
}

static void put(struct place *p, const char *name, const char *text)
{
	struct err err = {0};

	UNIT_OK(io_publish_file(p->dir, name, text, strlen(text), 0600, 0, &err), &err);
}

static void written_and_read(void)
{
	const struct exit_record in = {.exit_code = 137,
		.signal = 9,
		.oom_killed = true,
		.started_at = "S",
		.finished_at = "F",
		.error = "why \"so\""};
	struct exit_record out;
	struct err err = {0};
	const char *started = NULL;
	struct place p;

	begin(&p);
	CU_ASSERT_EQUAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), 0);
	CU_ASSERT_EQUAL(exit_record_started(p.dir, "exit.json", &started, &p.arena), 0);
	UNIT_OK(exit_record_begin(p.dir, "exit.json", "S", &err), &err);
	/* while it runs there is no record, and everybody can tell since when */
	CU_ASSERT_EQUAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), 0);
	CU_ASSERT_EQUAL(exit_record_started(p.dir, "exit.json", &started, &p.arena), 1);
	UNIT_STRING(started, "S");
	UNIT_OK(exit_record_end(p.dir, "exit.json", &in, &err), &err);
	CU_ASSERT_EQUAL_FATAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), 1);
	CU_ASSERT(out.exit_code == 137 && out.signal == 9 && out.oom_killed);
	UNIT_STRING(out.started_at, "S");
	UNIT_STRING(out.finished_at, "F");
	UNIT_STRING(out.error, "why \"so\"");
	CU_ASSERT_EQUAL(exit_record_started(p.dir, "exit.json", &started, &p.arena), 0);
	end(&p);
}

static void killed_monitor(void)
{
	struct exit_record out;
	struct err err = {0};
	struct place p;

	begin(&p);
	UNIT_OK(exit_record_begin(p.dir, "exit.json", "2026-01-02T03:04:05Z", &err), &err);
	UNIT_OK(exit_record_settle(p.dir, "exit.json", &err), &err);
	CU_ASSERT_EQUAL_FATAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), 1);
	CU_ASSERT(out.exit_code == 137 && out.signal == 9);
	UNIT_STRING(out.started_at, "2026-01-02T03:04:05Z");
	UNIT_STRING(out.error, "its monitor was killed");
	/* one that was whole but for its name */
	put(&p, "exit.json" EXIT_RECORD_STARTED,
		"{\"exit_code\":3,\"started_at\":\"S\",\"finished_at\":\"F\"}\n");
	UNIT_OK(exit_record_settle(p.dir, "exit.json", &err), &err);
	CU_ASSERT_EQUAL_FATAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), 1);
	CU_ASSERT_EQUAL(out.exit_code, 3);
	/* one that a power cut spoiled: the start is not known, and not made up */
	put(&p, "exit.json" EXIT_RECORD_STARTED, "{\"version\":1,\"sta");
	UNIT_OK(exit_record_settle(p.dir, "exit.json", &err), &err);
	CU_ASSERT_EQUAL_FATAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), 1);
	CU_ASSERT_EQUAL(out.exit_code, 137);
	UNIT_STRING(out.started_at, "");
	end(&p);
}

static void unreadable(void)
{
	static const struct {
		const char *text;
		int code;
		const char *says;
	} cases[] = {
		{"", E_SYNTAX, ""},
		{"{\"exit_code\":", E_SYNTAX, ""},
		{"[]", E_SYNTAX, ""},
		{"{}", E_SYNTAX, "exit_code"},
		{"{\"exit_code\":\"7\"}", E_SYNTAX, "exit_code"},
		{"{\"exit_code\":7,\"started_at\":1}", E_SYNTAX, "started_at"},
		{"{\"version\":2,\"exit_code\":7}", E_UNSUPPORTED, "newer"},
	};
	struct exit_record out;
	struct place p;

	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = {0};

		put(&p, "exit.json", cases[i].text);
		CU_ASSERT_EQUAL(
			exit_record_read(p.dir, "exit.json", &out, &p.arena, &err), -cases[i].code);
		CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, p.path));
		CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "/exit.json"));
		CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, cases[i].says));
	}
	put(&p, "exit.json", "{\"exit_code\":7,\"why\":{\"sender\":1}}");
	CU_ASSERT_EQUAL(exit_record_read(p.dir, "exit.json", &out, &p.arena, &(struct err){0}), 1);
	end(&p);
}

UNIT_TESTS(exit_record) = {
	{"a record is begun, written, and read as it was", written_and_read},
	{"the record of a killed monitor has the real start", killed_monitor},
	{"what is damaged or newer names the file", unreadable},
};
UNIT_COUNT(exit_record)
