/* SPDX-License-Identifier: Apache-2.0 */
/* The seam to kist-layer, which must be built: a layer through a pipe, its result, its errors. */
#include "store/layer/layer_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

static int to_buf(void *arg, const void *data, size_t len, struct err *err)
{
	(void)err;
	buf_add(arg, data, len);
	return 0;
}

static void make_layer(struct buf *out)
{
	own_tar_writer struct tar_writer *w = tar_writer_new(to_buf, out);
	struct tar_entry e = {.type = TAR_FILE, .link = "", .mode = 0644};
	static const char *const paths[] = {"a/b/file", "\xc5\xbc/file", "c/.wh.gone"};
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		e.path = paths[i];
		UNIT_OK(tar_writer_entry(w, &e, &err), &err);
	}
	UNIT_OK(tar_writer_finish(w, &err), &err);
}

/* Send len bytes of a layer and see what comes of it. */
static int unpack(const struct buf *layer, size_t len, const struct digest *expect, int dir,
	struct layer_worker *worker, struct layer_result *result, struct err *err)
{
	const struct layer_unpack options = {
		.expect = expect, .whiteouts = LAYER_WHITEOUTS_OVERLAY};
	int r;

	signal(SIGPIPE, SIG_IGN);
	r = layer_unpack_start(dir, -1, &options, worker, err);
	UNIT_OK(r, err);
	if (r < 0)
		return r;
	io_write_full(worker->in, layer->data, len); /* finish() knows why it fails */
	return layer_unpack_finish(worker, result, err);
}

static int add_path(void *arg, const struct implied_directory *d, struct err *err)
{
	(void)err;
	buf_addf(arg, "%s%s ", d->path, d->whiteout ? "*" : "");
	return 0;
}

static void in_a_directory(void (*test)(int dir, const struct buf *layer))
{
	char top[] = "/tmp/kist-worker-XXXXXX";
	own_buf struct buf layer = {0};
	own_fd int dir = -1;
	struct err err;

	CU_ASSERT_FATAL(mkdtemp(top) != NULL);
	dir = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	make_layer(&layer);
	test(dir, &layer);
	UNIT_OK(path_remove_tree(AT_FDCWD, top, &err), &err);
}

static void check_result(int dir, const struct buf *layer)
{
	own_buf struct buf implied = {0};
	struct layer_worker worker;
	struct layer_result result;
	char hex[SHA256_HEX_LEN + 1];
	struct err err;

	UNIT_OK(unpack(layer, layer->len, NULL, dir, &worker, &result, &err), &err);
	sha256_hex(layer->data, layer->len, hex);
	UNIT_STRING(digest_hex(&result.diff_id), hex);
	CU_ASSERT(result.size == layer->len && result.entries == 3 && result.skipped == 0);
	CU_ASSERT(faccessat(dir, "a/b/file", F_OK, 0) == 0);
	UNIT_OK(layer_worker_implied(worker.implied, add_path, &implied, &err), &err);
	UNIT_STRING(buf_str(&implied), "a a/b \xc5\xbc c* ");
	layer_worker_release(&worker);
}

static void gives_the_result(void)
{
	in_a_directory(check_result);
}

static void check_errors(int dir, const struct buf *layer)
{
	struct digest other = digest_from_hex(
		"0000000000000000000000000000000000000000000000000000000000000000");
	struct layer_worker worker;
	struct layer_result result;
	struct err err;

	CU_ASSERT(unpack(layer, layer->len, &other, dir, &worker, &result, &err) ==
		-E_DIGEST_MISMATCH);
	CU_ASSERT(strstr(err.msg, "as expected") != NULL);
	layer_worker_release(&worker);
	CU_ASSERT(unpack(layer, 700, NULL, dir, &worker, &result, &err) == -E_SYNTAX);
	layer_worker_release(&worker);
}

static void gives_the_error(void)
{
	in_a_directory(check_errors);
}

static void check_release(int dir, const struct buf *layer)
{
	const struct layer_unpack options = {.whiteouts = LAYER_WHITEOUTS_APPLY};
	struct layer_worker worker;
	struct err err;
	pid_t pid;

	(void)layer;
	UNIT_OK(layer_unpack_start(dir, -1, &options, &worker, &err), &err);
	pid = worker.child.pid;
	layer_worker_release(&worker);
	CU_ASSERT(kill(pid, 0) < 0 && errno == ESRCH);
}

static void can_be_given_up(void)
{
	in_a_directory(check_release);
}

UNIT_TESTS(layer_worker) = {
	{"a layer through the pipe gives its result and the implied directories", gives_the_result},
	{"the worker's error comes as if it had happened here", gives_the_error},
	{"a worker can be given up in the middle", can_be_given_up},
};
UNIT_COUNT(layer_worker)
