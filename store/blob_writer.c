/* SPDX-License-Identifier: Apache-2.0 */
/* Receiving a blob: .part-HEX when its digest is known, so that it can be continued; see blob.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "store/batch.h"
#include "store/blob.h"
#include "store/store_private.h"

#define PART_PREFIX ".part-"

struct blob_writer {
	struct store *store;
	struct digest expect; /* empty: not known */
	char name[80];
	bool keep; /* name is a .part that a later attempt continues */
	int fd;    /* holds the flock */
	uint64_t size;
	struct sha256 sha;
};

static void writer_free(struct blob_writer *w)
{
	own_fd_release(&w->fd);
	sha256_release(&w->sha);
	free(w);
}

void blob_writer_free(struct blob_writer *w)
{
	if (!w)
		return;
	if (!w->keep || w->size == 0)
		unlinkat(w->store->blobs, w->name, 0);
	writer_free(w);
}

void blob_writer_abort(struct blob_writer *w)
{
	if (!w)
		return;
	unlinkat(w->store->blobs, w->name, 0);
	writer_free(w);
}

static int system_error(struct err *err, const struct blob_writer *w, const char *verb)
{
	return err_errno(err, "cannot %s blob %s in '%s'", verb,
		w->expect.text[0] ? w->expect.text : "of yet unknown digest", w->store->root_path);
}

/* Digest what an earlier attempt wrote. */
static int digest_prefix(struct blob_writer *w, struct err *err)
{
	own_mem char *block = NULL;
	struct stat st;
	ssize_t n;

	if (fstat(w->fd, &st) < 0)
		return system_error(err, w, "continue");
	if (st.st_size == 0)
		return 0;
	block = xmalloc(IO_BLOCK_SIZE);
	while ((n = io_read_full(w->fd, block, IO_BLOCK_SIZE)) > 0) {
		sha256_update(&w->sha, block, (size_t)n);
		w->size += (uint64_t)n;
	}
	errno = (int)-n;
	return n < 0 ? system_error(err, w, "continue") : 0;
}

static void choose_name(struct blob_writer *w, unsigned flags)
{
	char random[17];

	w->keep = w->expect.text[0] && !(flags & BLOB_PRIVATE);
	io_random_hex(random, 8);
	snprintf(w->name, sizeof(w->name), "%s%s", w->keep ? PART_PREFIX : ".tmp-",
		w->keep ? digest_hex(&w->expect) : random);
}

int blob_writer_new(struct store *store, const struct digest *expect, unsigned flags,
	struct blob_writer **writer, struct err *err)
{
	own_blob_writer struct blob_writer *w = NULL;
	bool shared = expect && !(flags & BLOB_PRIVATE);
	int r;

	if (shared && blob_exists(store, expect, NULL))
		return 1;
	w = xcalloc(1, sizeof(*w));
	w->store = store;
	if (expect)
		w->expect = *expect;
	choose_name(w, flags);
	sha256_init(&w->sha);
	w->fd = lock_file(store->blobs, w->name, flags & BLOB_TRY ? LOCK_TRY : 0, err);
	if (w->fd < 0) {
		r = w->fd == -E_IN_USE
			? err_set(err, E_IN_USE, "blob %s is being received by another process",
				  w->expect.text)
			: err_wrap(err, "cannot write to '%s'", store->root_path);
		writer_free(give(w)); /* the file is not ours to remove */
		return r;
	}
	/* whoever had the lock may have published it while we waited */
	if (shared && blob_exists(store, expect, NULL))
		return 1;
	r = flags & BLOB_FRESH ? blob_writer_restart(w, err) : digest_prefix(w, err);
	if (r < 0)
		return r;
	*writer = give(w);
	return 0;
}

uint64_t blob_writer_offset(const struct blob_writer *w)
{
	return w->size;
}

int blob_writer_reopen(const struct blob_writer *w, struct err *err)
{
	int fd = openat(w->store->blobs, w->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	return fd < 0 ? system_error(err, w, "read") : fd;
}

int blob_writer_restart(struct blob_writer *w, struct err *err)
{
	if (ftruncate(w->fd, 0) < 0 || lseek(w->fd, 0, SEEK_SET) < 0)
		return system_error(err, w, "write");
	w->size = 0;
	sha256_release(&w->sha);
	sha256_init(&w->sha);
	return 0;
}

int blob_writer_write(struct blob_writer *w, const void *data, size_t len, struct err *err)
{
	int r = io_write_full(w->fd, data, len);

	if (r < 0) {
		errno = -r;
		return system_error(err, w, "write");
	}
	sha256_update(&w->sha, data, len);
	w->size += len;
	return 0;
}

static int check_content(struct blob_writer *w, int64_t size, const char *hex, struct err *err)
{
	bool known = w->expect.text[0];
	const char *name = known ? w->expect.text : "of yet unknown digest";

	if (size >= 0 && w->size < (uint64_t)size)
		return err_set(err, E_SIZE_MISMATCH, "blob %s ended after %llu of %lld bytes", name,
			(unsigned long long)w->size, (long long)size);
	w->keep = false; /* from here on more bytes would not mend it */
	if (size >= 0 && w->size > (uint64_t)size)
		return err_set(err, E_SIZE_MISMATCH, "blob %s has %llu bytes instead of %lld", name,
			(unsigned long long)w->size, (long long)size);
	if (known && strcmp(hex, digest_hex(&w->expect)) != 0)
		return err_set(err, E_DIGEST_MISMATCH,
			"blob %s has other bytes than its digest says: they have sha256:%s", name,
			hex);
	return 0;
}

static int publish(struct blob_writer *w, const char *hex, struct err *err)
{
	int r;

	if (fdatasync(w->fd) < 0)
		return system_error(err, w, "write");
	r = batch_rename(w->store, BATCH_BLOB, w->name, hex, err);
	if (r == 0 && fsync(w->store->blobs) < 0)
		r = system_error(err, w, "publish");
	return r;
}

int blob_writer_commit(struct blob_writer *writer, int64_t size, struct store_batch *batch,
	struct digest *digest, struct err *err)
{
	own_blob_writer struct blob_writer *w = writer;
	bool keep = w->keep;
	char hex[SHA256_HEX_LEN + 1];
	int r = 0;

	if (size < 0 || w->size >= (uint64_t)size)
		sha256_finish(&w->sha, hex);
	r = check_content(w, size, hex, err);
	if (r < 0)
		return r;
	w->keep = keep;
	/* a private file needs no lock any more: the lease keeps gc away, and nobody waits for it
	 */
	if (batch)
		batch_add(batch, BATCH_BLOB, w->name, hex, keep ? give_fd(w->fd) : -1);
	else
		r = publish(w, hex, err);
	if (r < 0)
		return r;
	if (digest)
		*digest = digest_from_hex(hex);
	writer_free(give(w));
	return 0;
}

int blob_put(struct store *store, struct store_batch *batch, const void *data, size_t len,
	struct digest *digest, struct err *err)
{
	own_blob_writer struct blob_writer *w = NULL;
	char hex[SHA256_HEX_LEN + 1];
	struct digest d;
	int r;

	sha256_hex(data, len, hex);
	d = digest_from_hex(hex);
	if (!blob_exists(store, &d, NULL) && !batch_find(batch, BATCH_BLOB, hex)) {
		r = blob_writer_new(store, &d, BLOB_PRIVATE, &w, err);
		if (r == 0)
			r = blob_writer_write(w, data, len, err);
		if (r == 0)
			r = blob_writer_commit(give(w), (int64_t)len, batch, NULL, err);
		if (r < 0)
			return r;
	}
	*digest = d;
	return 0;
}
