/* SPDX-License-Identifier: Apache-2.0 */
#include "store/inflated.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "store/blob.h"

#define PIPE_SIZE (1 << 20)

enum { ERROR_FD = 3 }; /* in kist-archive */

/* fd: the blob, or what kist-archive makes of it; child.pid is -1 without one. */
struct inflated {
	struct stream base;
	struct stream *bytes;
	struct child child;
	int fd, error;
};

static void inflated_release(struct stream *s)
{
	struct inflated *i = (struct inflated *)s;
	int status;

	if (i->child.pid > 0) {
		kill(i->child.pid, SIGKILL);
		child_wait(&i->child, &status, NULL);
	}
	stream_free(i->bytes);
	own_fd_release(&i->fd);
	own_fd_release(&i->error);
	free(i);
}

/* The end of its output is the end of the blob only when it says that all went well. */
static int finish(struct inflated *i, struct err *err)
{
	struct err theirs = {0};
	ssize_t n = io_read_full(i->error, &theirs, sizeof(theirs));
	int status;

	if (child_wait(&i->child, &status, err) < 0)
		return -err->code;
	i->child.pid = -1;
	theirs.msg[sizeof(theirs.msg) - 1] = '\0';
	if (n == sizeof(theirs) && theirs.code > 0)
		return err_set(err, theirs.code, "%s", theirs.msg);
	return status ? err_set(err, E_CHILD, "'kist-archive' failed with status %d", status) : 0;
}

static ssize_t inflated_next(struct stream *s, const void **block, struct err *err)
{
	struct inflated *i = (struct inflated *)s;
	ssize_t n = stream_next(i->bytes, block, err);

	return n == 0 && i->child.pid > 0 ? finish(i, err) : n;
}

static int start(struct inflated *i, struct err *err)
{
	static const char *const argv[] = {"kist-archive", "--inflate", "--error-fd=3", NULL};
	struct spawn sp = {.argv = argv, .flags = SPAWN_DIE_WITH_PARENT};
	own_fd int theirs_out = -1, theirs_error = -1;
	own_fd int blob = i->fd;
	int ends[2];

	i->fd = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	i->fd = ends[0];
	theirs_out = ends[1];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	i->error = ends[0];
	theirs_error = ends[1];
	(void)fcntl(theirs_out, F_SETPIPE_SZ, PIPE_SIZE); /* the default does, too */
	spawn_pass(&sp, blob, 0);
	spawn_pass(&sp, theirs_out, 1);
	spawn_pass(&sp, theirs_error, ERROR_FD);
	return spawn_start(&sp, &i->child, err);
}

static bool is_compressed(int fd)
{
	static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
	unsigned char first[sizeof(zstd)];
	ssize_t n = pread(fd, first, sizeof(first), 0);

	return (n >= (ssize_t)sizeof(gzip) && memcmp(first, gzip, sizeof(gzip)) == 0) ||
		(n == (ssize_t)sizeof(zstd) && memcmp(first, zstd, sizeof(zstd)) == 0);
}

struct stream *blob_inflated(struct store *store, const struct digest *digest, struct err *err)
{
	static const struct stream_ops ops = {inflated_next, inflated_release, NULL};
	struct inflated *i = xcalloc(1, sizeof(*i));

	*i = (struct inflated){.base = {&ops}, .child = {.pid = -1}, .error = -1};
	i->fd = blob_open(store, digest, err);
	if (i->fd < 0 || (is_compressed(i->fd) && start(i, err) < 0)) {
		inflated_release(&i->base);
		return NULL;
	}
	i->bytes = stream_from_fd(i->fd);
	return &i->base;
}
