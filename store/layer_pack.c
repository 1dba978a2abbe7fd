/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/stream.h"
#include "store/blob.h"
#include "store/layer/layer.h"
#include "store/layer_store.h"

/*
 * The tar goes through the compressor into a pipe, behind which a thread digests and writes the
 * blob: two processors work, and nothing is written twice.
 */
struct packer {
	struct deflater *deflater;
	struct blob_writer *writer;
	int in, out; /* of the pipe */
	pthread_t thread;
	bool running;
	struct err err; /* of the thread; code 0: none */
};

static void *write_blob(void *arg)
{
	struct packer *p = arg;
	own_mem char *block = xmalloc(IO_BLOCK_SIZE);
	ssize_t n;

	while ((n = read(p->out, block, IO_BLOCK_SIZE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			err_errno(&p->err, "cannot read the compressed layer");
		if (n < 0 || blob_writer_write(p->writer, block, (size_t)n, &p->err) < 0)
			break;
	}
	own_fd_release(&p->out); /* after a failure the other end gets EPIPE */
	p->out = -1;
	return NULL;
}

static int packer_start(struct packer *p, struct store *store, struct err *err)
{
	int pipefd[2], r;

	memset(p, 0, sizeof(*p));
	p->in = p->out = -1;
	if (blob_writer_new(store, NULL, 0, &p->writer, err) < 0)
		return -err->code;
	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	p->in = pipefd[1];
	p->out = pipefd[0];
	fcntl(p->in, F_SETPIPE_SZ, 1 << 20); /* only faster: the default will do */
	p->deflater = deflater_new(p->in, COMPRESSION_GZIP, 0);
	r = pthread_create(&p->thread, NULL, write_blob, p);
	if (r)
		return err_set(err, r, "cannot start a thread: %s", strerror(r));
	p->running = true;
	return 0;
}

/* Wait for the thread, whose error counts before a broken pipe of ours. */
static int packer_join(struct packer *p, int r, struct err *err)
{
	own_fd_release(&p->in);
	p->in = -1;
	if (p->running)
		pthread_join(p->thread, NULL);
	p->running = false;
	if (p->err.code)
		return err_set(err, p->err.code, "%s", p->err.msg);
	return r;
}

static void packer_release(struct packer *p)
{
	struct err ignored;

	packer_join(p, 0, &ignored);
	own_fd_release(&p->out);
	deflater_free(p->deflater);
	blob_writer_abort(p->writer);
}

static int pack(void *arg, const void *data, size_t len, struct err *err)
{
	struct packer *p = arg;

	return deflater_write(p->deflater, data, len, err);
}

static int discard(void *arg, const void *data, size_t len, struct err *err)
{
	(void)arg;
	(void)data;
	(void)len;
	(void)err;
	return 0;
}

/* The tar of dir as a compressed blob, which joins the batch. */
static int pack_directory(struct store *store, int dir, struct store_batch *batch,
	struct layer_result *result, struct layer_blob *blob, struct err *err)
{
	own(packer_release) struct packer p = {.in = -1, .out = -1};
	int64_t size;
	int r = packer_start(&p, store, err);

	if (r < 0)
		return r;
	r = layer_write_overlay(dir, pack, &p, result, err);
	if (r == 0)
		r = deflater_finish(p.deflater, err);
	r = packer_join(&p, r, err);
	if (r < 0)
		return r;
	size = (int64_t)blob_writer_offset(p.writer);
	if (blob_writer_commit(give(p.writer), -1, batch, &blob->digest, err) < 0)
		return -err->code;
	blob->size = size;
	blob->media_type = MEDIA_TYPE_LAYER_GZIP;
	return 0;
}

int layer_pack_upper(struct store *store, int dir, const char *name, struct store_batch *batch,
	struct digest *diff_id, struct layer_blob *blob, struct err *err)
{
	own_fd int upper = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct layer_blob packed = {0};
	struct layer_result result;
	int r;

	if (upper < 0)
		return err_errno(err, "cannot open the new layer '%s'", name);
	r = blob ? pack_directory(store, upper, batch, &result, &packed, err)
		 : layer_write_overlay(upper, discard, NULL, &result, err);
	if (r == 0)
		r = layer_store_adopt_upper(
			store, dir, name, &result.diff_id, (int64_t)result.size, batch, err);
	if (r < 0)
		return r;
	*diff_id = result.diff_id;
	if (blob)
		*blob = packed;
	return 0;
}

int layer_pack(struct store *store, const struct digest *diff_id, struct store_batch *batch,
	struct layer_blob *blob, struct err *err)
{
	own_fd int layer = layer_store_open(store, diff_id, err);
	own_fd int dir = -1;
	struct layer_result result;

	if (layer < 0)
		return layer;
	dir = openat(layer, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot open layer %s", diff_id->text);
	if (pack_directory(store, dir, batch, &result, blob, err) < 0)
		return -err->code;
	if (!digest_equal(&result.diff_id, diff_id))
		return err_set(err, E_DIGEST_MISMATCH,
			"layer %s was changed on disk: its content has diff_id %s (kist-store fsck)",
			diff_id->text, result.diff_id.text);
	return 0;
}
