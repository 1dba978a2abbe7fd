/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tool.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/store_fixture.h"
#include "tests/unit/unit.h"

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"

/* Run words; what they print is in text, which a later call replaces. */
static int tool(struct store_session *s, char text[600], struct err *err, const char *const argv[])
{
	own_fd int out = memfd_create("out", MFD_CLOEXEC);
	const struct tool_io io = {.in = -1, .out = out};
	int r = store_tool(s, &io, argv, err);
	ssize_t n = pread(out, text, 599, 0);

	text[n < 0 ? 0 : n] = '\0';
	return r;
}

#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		"kist-store", __VA_ARGS__, NULL                                                    \
	}

static void shared_session(void)
{
	own_store_session struct store_session s = STORE_SESSION_INIT;
	struct err err = {0};
	struct fixture f;
	char text[600];
	int dir;

	fixture_start(&f);
	s.store = f.store;
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("create", "--name", "web", ONE, "scratch")), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "/containers/" ONE "\n"));
	/* open and locked for the next step */
	dir = s.container.dir;
	CU_ASSERT_TRUE(dir >= 0 && s.container.lock >= 0);
	CU_ASSERT_TRUE(store_session_container(&s, "web", STORED_CONTAINER_LOCK, &err) == 0);
	CU_ASSERT_EQUAL(s.container.dir, dir);
	/* another container takes its place */
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("create", TWO, "scratch")), 0);
	UNIT_STRING(s.container.id, TWO);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm", "web")), 0);
	UNIT_STRING(text, "");
	CU_ASSERT_EQUAL(s.container.dir, -1);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm", TWO)), 0);
	s.store = NULL;
	fixture_end(&f);
}

static void errors(void)
{
	own_store_session struct store_session s = STORE_SESSION_INIT;
	struct err err = {0};
	struct fixture f;
	char text[600];

	fixture_start(&f);
	s.store = f.store;
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm", "none")), -E_NOT_FOUND);
	CU_ASSERT_EQUAL(err_status(&err), 3);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm")), -E_USAGE);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("nothing")), -E_USAGE);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm", "--help")), -E_USAGE);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm", "--no-such-flag", "x")), -E_USAGE);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("--root", "/nowhere", "ls")), -EINVAL);
	CU_ASSERT_EQUAL(store_tool(&s, &(struct tool_io){-1, -1, 0},
				(const char *const[]){"kist-store", NULL}, &err),
		-E_USAGE);
	UNIT_STRING(text, "");
	s.store = NULL;
	fixture_end(&f);
}

struct seen {
	struct tool_mount place;
	const char *const *argv;
};

static int command(void *arg, struct tool_mount *place, const struct tool_io *io,
	const char *const argv[], struct err *err)
{
	struct seen *seen = arg;

	(void)io;
	(void)err;
	*seen = (struct seen){*place, argv};
	return 7;
}

static void commands(void)
{
	struct seen seen = {0};
	own_store_session struct store_session s = {.container = STORED_CONTAINER_INIT,
		.mount = -1,
		.lease = -1,
		.command = command,
		.command_arg = &seen};
	struct err err = {0};
	struct fixture f;
	char text[600];
	const char *const *words = WORDS("mount", ONE, "/mnt", "--", "prog", "-x");

	fixture_start(&f);
	s.store = f.store;
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("create", ONE, "scratch")), 0);
	/* what the root is mounted from does not matter here: an earlier step has done it */
	s.mount = dup(s.container.dir);
	CU_ASSERT_EQUAL(tool(&s, text, &err, words), 7);
	UNIT_STRING(seen.place.dir, "/mnt");
	CU_ASSERT_EQUAL(seen.place.mount, s.mount);
	CU_ASSERT_EQUAL(tool(&s, text, &err, WORDS("rm", ONE)), 0);
	CU_ASSERT_EQUAL(s.mount, -1);
	s.store = NULL;
	fixture_end(&f);
}

UNIT_TESTS(tool) = {
	{"the steps of a plan go on with what the one before has opened", shared_session},
	{"what fails is told, not printed", errors},
	{"a command is handed over with the root it is to see", commands},
};
UNIT_COUNT(tool);
