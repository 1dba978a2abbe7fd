/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"

/* Numbers of the descriptors in the worker. */
enum { DIR_FD = 3, INFO_FD = 4, IMPLIED_FD = 5 };

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void add_options(struct strv *argv, const struct layer_unpack *o)
{
	strv_add(argv, "kist-layer");
	strv_add(argv, "unpack");
	strv_addf(argv, "--dir-fd=%d", DIR_FD);
	strv_addf(argv, "--info-fd=%d", INFO_FD);
	strv_addf(argv, "--implied-fd=%d", IMPLIED_FD);
	if (o->whiteouts == LAYER_WHITEOUTS_OVERLAY)
		strv_add(argv, "--whiteouts=overlay");
	if (o->expect)
		strv_addf(argv, "--expect=%s", o->expect->text);
	if (o->max_size)
		strv_addf(argv, "--max-size=%llu", (unsigned long long)o->max_size);
	if (o->max_entries)
		strv_addf(argv, "--max-entries=%llu", (unsigned long long)o->max_entries);
}

static int start(int dir, int in, int info, const struct layer_unpack *o, struct layer_worker *w,
	struct err *err)
{
	own(strv_release) struct strv argv = {0};
	struct spawn sp = {.flags = SPAWN_DIE_WITH_PARENT};

	add_options(&argv, o);
	sp.argv = (const char *const *)argv.items;
	spawn_pass(&sp, in, 0);
	spawn_pass(&sp, -1, 1);
	spawn_pass(&sp, dir, DIR_FD);
	spawn_pass(&sp, info, INFO_FD);
	spawn_pass(&sp, w->implied, IMPLIED_FD);
	return spawn_start(&sp, &w->child, err);
}

int layer_unpack_start(int dir, int in, const struct layer_unpack *options,
	struct layer_worker *worker, struct err *err)
{
	int input[2] = {-1, -1}, info[2];
	int r;

	*worker = (struct layer_worker){.child = {.pid = -1}, .in = -1, .info = -1, .implied = -1};
	worker->implied = memfd_create("implied", MFD_CLOEXEC);
	if (worker->implied < 0)
		return err_errno(err, "cannot start unpacking");
	if (pipe2(info, O_CLOEXEC) < 0 || (in < 0 && pipe2(input, O_CLOEXEC) < 0)) {
		r = err_errno(err, "cannot make a pipe");
		layer_worker_release(worker);
		return r;
	}
	worker->info = info[0];
	worker->in = input[1];
	/* a full pipe lets the sender run ahead of a slow moment of the disk */
	if (input[1] >= 0)
		(void)fcntl(input[1], F_SETPIPE_SZ, 1 << 20); /* the default does, too */
	r = start(dir, in < 0 ? input[0] : in, info[1], options, worker, err);
	close_fd(&info[1]);
	close_fd(&input[0]);
	if (r < 0)
		layer_worker_release(worker);
	return r;
}

int layer_unpack_finish(struct layer_worker *worker, struct layer_result *result, struct err *err)
{
	own_buf struct buf text = {0};
	int status, r;

	close_fd(&worker->in);
	r = io_read_fd(worker->info, JSON_LINE_MAX, "the result of 'kist-layer'", &text, err);
	close_fd(&worker->info);
	if (child_wait(&worker->child, &status, r < 0 ? NULL : err) < 0 || r < 0)
		return -err->code;
	if (text.len == 0)
		return err_set(err, E_CHILD, "'kist-layer' failed with status %d", status);
	r = layer_result_read(text.data, text.len, result, err);
	if (r == 0 && status)
		return err_set(err, E_CHILD, "'kist-layer' failed with status %d", status);
	if (r == 0 && lseek(worker->implied, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot read the implied directories");
	return r;
}

int layer_worker_implied(int fd,
	int (*each)(void *arg, const struct implied_directory *directory, struct err *err),
	void *arg, struct err *err)
{
	own_buf struct buf text = {0};
	int r = io_read_fd(fd, IMPLIED_LIST_MAX, "the list of implied directories", &text, err);

	return r < 0 ? r : implied_read(buf_str(&text), text.len, each, arg, err);
}

void layer_worker_release(struct layer_worker *worker)
{
	struct err ignored;
	int status;

	/* before its input ends: it must not take that for the layer's end */
	if (worker->child.pid > 0) {
		kill(worker->child.pid, SIGKILL);
		child_wait(&worker->child, &status, &ignored);
	}
	close_fd(&worker->in);
	close_fd(&worker->info);
	close_fd(&worker->implied);
}
