/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/commit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/build.h"
#include "builder/cache.h"
#include "lib/io.h"
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

/* Write upper as a blob that joins the batch. */
static int pack_upper(struct stage *s, int upper, struct store_batch *batch,
	struct layer_result *result, struct descriptor *blob, struct err *err)
{
	own(packer_release) struct packer p = {.in = -1, .out = -1};
	struct digest digest;
	int64_t size;
	int r = packer_start(&p, s->build->store, err);

	if (r < 0)
		return r;
	r = layer_write_overlay(upper, pack, &p, result, err);
	if (r == 0)
		r = deflater_finish(p.deflater, err);
	r = packer_join(&p, r, err);
	if (r < 0)
		return r;
	size = (int64_t)blob_writer_offset(p.writer);
	if (blob_writer_commit(give(p.writer), -1, batch, &digest, err) < 0)
		return -err->code;
	*blob = (struct descriptor){
		.media_type = MEDIA_TYPE_LAYER_GZIP,
		.digest = arena_strdup(&s->build->arena, digest.text),
		.size = size,
	};
	return 0;
}

static int adopt(struct stage *s, int dir, const struct layer_result *result,
	struct store_batch *batch, struct err *err)
{
	if (layer_store_adopt_upper(s->build->store, dir, "upper", &result->diff_id,
		    (int64_t)result->size, batch, err) < 0)
		return -err->code;
	return store_batch_publish(batch, err);
}

/*
 * The root directory is part of every layer's tar. Its time is that of the layer below, and not
 * that of the build: so the same files give the same layer.
 */
static int set_root_time(struct stage *s, int upper, struct err *err)
{
	struct timespec times[2] = {{0}, {0}};
	struct digest id;
	struct stat st;

	if (s->layers.count) {
		own_fd int below = -1;

		if (digest_parse(s->layers.items[s->layers.count - 1].diff_id, &id, err) < 0)
			return -err->code;
		below = layer_store_open(s->build->store, &id, err);
		if (below < 0)
			return below;
		if (fstat(below, &st) < 0)
			return err_errno(err, "cannot look at layer %s", id.text);
		times[0] = times[1] = st.st_mtim;
	}
	if (futimens(upper, times) < 0)
		return err_errno(err, "cannot set the time of the new layer");
	return 0;
}

int commit_upper(struct stage *s, int dir, const char **diff_id, struct err *err)
{
	own_batch struct store_batch *batch = store_batch_new(s->build->store);
	own_fd int upper = openat(dir, "upper", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct descriptor blob = {0};
	struct layer_result result;
	int r;

	if (upper < 0)
		return err_errno(err, "cannot open the new layer");
	if (set_root_time(s, upper, err) < 0)
		return -err->code;
	r = s->exported ? pack_upper(s, upper, batch, &result, &blob, err)
			: layer_write_overlay(upper, discard, NULL, &result, err);
	if (r < 0 || adopt(s, dir, &result, batch, err) < 0)
		return err_wrap(err, "cannot make a layer");
	*diff_id = arena_strdup(&s->build->arena, result.diff_id.text);
	if (s->exported && cache_add_blob(s->build, *diff_id, &blob, err) < 0)
		return -err->code;
	stage_push_layer(s, *diff_id, s->exported ? &blob : NULL);
	return 0;
}

int commit_existing(struct stage *s, const char *diff_id, struct err *err)
{
	struct descriptor blob;
	int found = cache_find_blob(s->build, diff_id, &blob, err);

	if (found < 0)
		return found;
	stage_push_layer(s, diff_id, found ? &blob : NULL);
	return 0;
}

static int pack_layer(struct stage *s, struct stage_layer *layer, struct err *err)
{
	own_batch struct store_batch *batch = store_batch_new(s->build->store);
	own_fd int fd = -1, dir = -1;
	struct layer_result result;
	struct digest id;

	if (digest_parse(layer->diff_id, &id, err) < 0)
		return -err->code;
	fd = layer_store_open(s->build->store, &id, err);
	if (fd < 0)
		return fd;
	dir = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "cannot open layer %s", layer->diff_id);
	if (pack_upper(s, dir, batch, &result, &layer->blob, err) < 0)
		return -err->code;
	if (!digest_equal(&result.diff_id, &id))
		return err_set(err, E_DIGEST_MISMATCH,
			"layer %s was changed on disk: its content has diff_id %s (kist-store fsck)",
			layer->diff_id, result.diff_id.text);
	if (store_batch_publish(batch, err) < 0)
		return -err->code;
	return cache_add_blob(s->build, layer->diff_id, &layer->blob, err);
}

int commit_missing_blobs(struct stage *s, struct err *err)
{
	for (size_t i = 0; i < s->layers.count; i++) {
		struct stage_layer *layer = &s->layers.items[i];

		if (layer->blob.digest)
			continue;
		if (cache_find_blob(s->build, layer->diff_id, &layer->blob, err) > 0)
			continue;
		if (pack_layer(s, layer, err) < 0)
			return err_wrap(err, "cannot pack layer %s", layer->diff_id);
	}
	return 0;
}
