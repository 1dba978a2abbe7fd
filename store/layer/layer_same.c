/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer/layer_same.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

#define COMPARE_BLOCK (64 * 1024)

/* Leaves both descriptors at their start. */
static int same_content(int a, int b, const char *path, struct err *err)
{
	own_mem char *block = xmalloc(2 * COMPARE_BLOCK);
	int same = 1;

	for (;;) {
		ssize_t n = io_read_full(a, block, COMPARE_BLOCK);
		ssize_t m = io_read_full(b, block + COMPARE_BLOCK, COMPARE_BLOCK);

		if (n < 0 || m < 0)
			return err_set(err, (int)-(n < 0 ? n : m), "cannot read '%s': %s", path,
				strerror((int)-(n < 0 ? n : m)));
		same = n == m && memcmp(block, block + COMPARE_BLOCK, (size_t)n) == 0;
		if (!same || n < COMPARE_BLOCK)
			break;
	}
	if (lseek(a, 0, SEEK_SET) < 0 || lseek(b, 0, SEEK_SET) < 0)
		return err_errno(err, "cannot read '%s'", path);
	return same;
}

static int same_link(
	const struct layer_side *a, const struct layer_side *b, const char *path, struct err *err)
{
	char x[PATH_MAX], y[PATH_MAX];
	ssize_t n = readlinkat(a->dirfd, a->name, x, sizeof(x));
	ssize_t m = readlinkat(b->dirfd, b->name, y, sizeof(y));

	if (n < 0 || m < 0)
		return err_errno(err, "cannot read link '%s'", path);
	return n == m && memcmp(x, y, (size_t)n) == 0;
}

int layer_same(
	const struct layer_side *a, const struct layer_side *b, const char *path, struct err *err)
{
	const struct stat *x = &a->st, *y = &b->st;

	if (x->st_dev == y->st_dev && x->st_ino == y->st_ino)
		return 1;
	if (x->st_mode != y->st_mode || x->st_uid != y->st_uid || x->st_gid != y->st_gid ||
		!layer_xattrs_equal(&a->xattrs, &b->xattrs))
		return 0;
	if (S_ISDIR(x->st_mode))
		return 1;
	if (x->st_mtim.tv_sec != y->st_mtim.tv_sec || x->st_mtim.tv_nsec != y->st_mtim.tv_nsec ||
		x->st_size != y->st_size || x->st_rdev != y->st_rdev)
		return 0;
	if (S_ISLNK(x->st_mode))
		return same_link(a, b, path, err);
	if (S_ISREG(x->st_mode) && x->st_mtim.tv_nsec == 0)
		return same_content(a->fd, b->fd, path, err);
	return 1;
}
