/* SPDX-License-Identifier: Apache-2.0 */
#include "store/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "store/batch.h"
#include "store/store_private.h"

bool blob_exists(struct store *store, const struct digest *digest, int64_t *size)
{
	struct stat st;

	if (fstatat(store->blobs, digest_hex(digest), &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		!S_ISREG(st.st_mode))
		return false;
	if (size)
		*size = st.st_size;
	return true;
}

int blob_check(
	struct store *store, struct store_batch *batch, const struct descriptor *d, struct err *err)
{
	struct digest digest;
	const char *temp;
	struct stat st;

	if (digest_parse(d->digest, &digest, err) < 0)
		return -err->code;
	temp = batch_find(batch, BATCH_BLOB, digest_hex(&digest));
	if (fstatat(store->blobs, temp ? temp : digest_hex(&digest), &st, AT_SYMLINK_NOFOLLOW) <
			0 ||
		!S_ISREG(st.st_mode))
		return err_set(err, E_BLOB_UNKNOWN, "blob %s is missing", d->digest);
	if (st.st_size != d->size)
		return err_set(err, E_SIZE_MISMATCH, "blob %s has %lld bytes instead of %lld",
			d->digest, (long long)st.st_size, (long long)d->size);
	return 0;
}

int blob_open_in(struct store *store, struct store_batch *batch, const struct digest *digest,
	struct err *err)
{
	const char *temp = batch_find(batch, BATCH_BLOB, digest_hex(digest));
	struct stat st;
	own_fd int fd = openat(store->blobs, temp ? temp : digest_hex(digest),
		O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT)
		return err_set(err, E_BLOB_UNKNOWN, "no such blob: %s", digest->text);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, "cannot open blob %s", digest->text);
	if (!S_ISREG(st.st_mode))
		return err_set(err, EINVAL, "blob %s is not a regular file", digest->text);
	return give_fd(fd);
}

int blob_open(struct store *store, const struct digest *digest, struct err *err)
{
	return blob_open_in(store, NULL, digest, err);
}

static int mismatch(const struct digest *expected, const char *hex, struct err *err)
{
	return err_set(err, E_DIGEST_MISMATCH,
		"blob %s is corrupt: its bytes have the digest sha256:%s (remove it with 'kist-store "
		"fsck --repair' and pull again)",
		expected->text, hex);
}

int blob_read_in(struct store *store, struct store_batch *batch, const struct digest *digest,
	size_t max, struct buf *out, struct err *err)
{
	char hex[SHA256_HEX_LEN + 1];
	size_t start = out->len;
	own_fd int fd = blob_open_in(store, batch, digest, err);
	int r = fd < 0 ? fd : io_read_fd(fd, max, digest->text, out, err);

	if (r < 0)
		return r;
	sha256_hex(out->data + start, out->len - start, hex);
	if (strcmp(hex, digest_hex(digest)) != 0)
		return mismatch(digest, hex, err);
	return 0;
}

int blob_read(struct store *store, const struct digest *digest, size_t max, struct buf *out,
	struct err *err)
{
	return blob_read_in(store, NULL, digest, max, out, err);
}

int blob_copy_out(struct store *store, const struct digest *digest, int out, struct err *err)
{
	own(sha256_release) struct sha256 sha = {0};
	own_mem char *block = xmalloc(IO_BLOCK_SIZE);
	char hex[SHA256_HEX_LEN + 1];
	own_fd int fd = blob_open(store, digest, err);
	ssize_t n;
	int r;

	if (fd < 0)
		return fd;
	sha256_init(&sha);
	while ((n = io_read_full(fd, block, IO_BLOCK_SIZE)) > 0) {
		sha256_update(&sha, block, (size_t)n);
		r = io_write_full(out, block, (size_t)n);
		if (r < 0)
			return err_set(
				err, -r, "cannot write blob %s: %s", digest->text, strerror(-r));
	}
	if (n < 0)
		return err_set(
			err, (int)-n, "cannot read blob %s: %s", digest->text, strerror((int)-n));
	sha256_finish(&sha, hex);
	return strcmp(hex, digest_hex(digest)) == 0 ? 0 : mismatch(digest, hex, err);
}

int blob_remove(struct store *store, const struct digest *digest, struct err *err)
{
	if (unlinkat(store->blobs, digest_hex(digest), 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove blob %s", digest->text);
	return 0;
}
