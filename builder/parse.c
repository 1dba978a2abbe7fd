/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/parse.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "builder/dockerfile/dockerfile_json.h"
#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"

/* Bytes of JSON that one Dockerfile may become: every byte may be escaped, and stands twice. */
#define LINES_MAX (16u * DOCKERFILE_MAX)

static int run_parser(int in, int out, bool trigger, int *status, struct err *err)
{
	const char *const argv[] = {"kist-dockerfile", trigger ? "--trigger" : NULL, NULL};
	struct spawn sp = {.argv = argv};
	struct child child;

	spawn_pass(&sp, in, 0);
	spawn_pass(&sp, out, 1);
	spawn_pass(&sp, -1, 2); /* its message comes as JSON, too */
	if (spawn_start(&sp, &child, err) < 0)
		return -err->code;
	return child_wait(&child, status, err);
}

static int parse(const char *text, size_t len, bool trigger, struct dockerfile *d, struct arena *a,
	struct err *err)
{
	own_fd int in = io_memory_file("dockerfile", text, len, err), out = -1;
	own_buf struct buf lines = {0};
	int status;

	if (in < 0)
		return in;
	out = io_memory_file("lines", "", 0, err);
	if (out < 0 || run_parser(in, out, trigger, &status, err) < 0)
		return -err->code;
	if (lseek(out, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot read what kist-dockerfile wrote");
	if (io_read_fd(out, LINES_MAX, "the parsed Dockerfile", &lines, err) < 0 ||
		dockerfile_from_json(buf_str(&lines), lines.len, d, a, err) < 0)
		return -err->code;
	if (status)
		return err_set(err, E_CHILD, "kist-dockerfile failed with status %d", status);
	return 0;
}

int parse_dockerfile(
	const char *text, size_t len, struct dockerfile *d, struct arena *a, struct err *err)
{
	return parse(text, len, false, d, a, err);
}

int parse_trigger(const char *text, struct dockerfile *d, struct arena *a, struct err *err)
{
	return parse(text, strlen(text), true, d, a, err);
}
