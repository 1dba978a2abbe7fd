/* SPDX-License-Identifier: Apache-2.0 */
#include "store/layer_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/batch.h"
#include "store/layer_sink.h"
#include "store/store_private.h"
#include "store/temp_dir.h"

#define LAYER_FILE "layer.json" /* beside fs/: what is known of it */

struct layer_record {
	int64_t size; /* of its uncompressed tar */
};

static const struct schema_field record_fields[] = {
	FIELD(struct layer_record, size, "size", SCHEMA_INT64, .flags = SCHEMA_REQUIRED),
};

static const struct schema layer_record_schema = SCHEMA(struct layer_record, record_fields);

bool layer_store_has(struct store *store, const struct digest *diff_id)
{
	struct stat st;

	return fstatat(store->layers, digest_hex(diff_id), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(st.st_mode);
}

char *layer_store_path(const struct store *store, const struct digest *diff_id)
{
	return xasprintf("%s/layers/%s/fs", store->root_path, digest_hex(diff_id));
}

int layer_store_open_in(struct store *store, const struct store_batch *batch,
	const struct digest *diff_id, struct err *err)
{
	const char *temp = batch_find(batch, BATCH_LAYER, digest_hex(diff_id));
	char path[DIGEST_HEX_LEN + 24];
	int fd;

	snprintf(path, sizeof(path), "%s/fs", temp ? temp : digest_hex(diff_id));
	fd = openat(store->layers, path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, E_NOT_FOUND, "no such layer: %s (pull its image again)",
			diff_id->text);
	return fd < 0 ? err_errno(err, "cannot open layer %s", diff_id->text) : fd;
}

int layer_store_open(struct store *store, const struct digest *diff_id, struct err *err)
{
	return layer_store_open_in(store, NULL, diff_id, err);
}

int layer_store_size(
	struct store *store, const struct digest *diff_id, int64_t *size, struct err *err)
{
	own_arena struct arena a = {0};
	char path[DIGEST_HEX_LEN + 16];
	const struct json *o;
	struct layer_record record;

	snprintf(path, sizeof(path), "%s/" LAYER_FILE, digest_hex(diff_id));
	if (faccessat(store->layers, path, F_OK, 0) < 0)
		return err_set(
			err, E_NOT_FOUND, "the size of layer %s is not known", diff_id->text);
	o = json_read_file(&a, store->layers, path, err);
	if (!o)
		return -err->code;
	if (schema_decode(&layer_record_schema, o, &record, &a, err) < 0 || record.size < 0)
		return err_set(err, E_SYNTAX, "%s: no size", path);
	*size = record.size;
	return 0;
}

static void temp_free(struct layer_sink *t)
{
	own_fd_release(&t->fs);
	own_fd_release(&t->dir);
	own_fd_release(&t->implied);
	free(t);
}

void layer_sink_abort(struct layer_sink *t)
{
	struct err ignored;

	if (!t)
		return;
	path_remove_tree(t->store->layers, t->name, &ignored);
	temp_free(t);
}

/* Make the locked directory's content: an empty fs/. */
static int begin_content(struct layer_sink *t, struct err *err)
{
	int r = path_remove_tree(t->dir, "fs", err);

	if (r == 0)
		r = path_remove_tree(t->dir, LAYER_FILE, err);
	if (r < 0)
		return r;
	if (mkdirat(t->dir, "fs", 0755) < 0 || fchmodat(t->dir, "fs", 0755, 0) < 0)
		return err_errno(err, "cannot make a layer in '%s'", t->store->root_path);
	t->fs = openat(t->dir, "fs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return t->fs < 0 ? err_errno(err, "cannot open '%s/fs'", t->name) : 0;
}

int layer_store_begin(struct store *store, const struct digest *diff_id, unsigned flags,
	struct layer_sink **sink, struct err *err)
{
	struct layer_sink *t;
	bool shared = diff_id && !(flags & LAYER_PRIVATE);
	char random[17];
	int r;

	if (diff_id && layer_store_has(store, diff_id))
		return 1;
	t = xcalloc(1, sizeof(*t));
	t->store = store;
	t->private = !shared;
	t->dir = t->fs = t->implied = -1;
	if (diff_id)
		t->diff_id = *diff_id;
	io_random_hex(random, 8);
	snprintf(t->name, sizeof(t->name), TEMP_PREFIX "%s", shared ? digest_hex(diff_id) : random);
	t->dir = temp_dir_lock(store->layers, t->name, flags & LAYER_TRY, err);
	if (t->dir < 0) {
		r = err_wrap(err, "cannot begin a layer in '%s'", store->root_path);
		temp_free(t);
		return r;
	}
	/* whoever had the lock may have published it while we waited */
	if (diff_id && layer_store_has(store, diff_id))
		r = 1;
	else
		r = begin_content(t, err);
	if (r != 0) {
		layer_sink_abort(t);
		return r;
	}
	*sink = t;
	return 0;
}

int layer_sink_unpack(struct layer_sink *t, int in, const struct layer_unpack *options,
	struct layer_worker *worker, struct err *err)
{
	struct layer_unpack ours = *options;

	ours.whiteouts = LAYER_WHITEOUTS_OVERLAY;
	ours.expect = t->diff_id.text[0] ? &t->diff_id : NULL;
	return layer_unpack_start(t->fs, in, &ours, worker, err);
}

int layer_sink_finish(struct layer_sink *t, struct layer_worker *worker, struct err *err)
{
	struct layer_result result;
	int r = layer_unpack_finish(worker, &result, err);

	if (r == 0 && t->diff_id.text[0] && !digest_equal(&result.diff_id, &t->diff_id))
		r = err_set(err, E_DIGEST_MISMATCH, "its content has the diff_id %s and not %s",
			result.diff_id.text, t->diff_id.text);
	if (r == 0) {
		t->diff_id = result.diff_id;
		t->size = (int64_t)result.size;
		t->implied = give_fd(worker->implied);
	}
	layer_worker_release(worker);
	return r;
}

static int write_size(struct layer_sink *t, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	const struct layer_record record = {.size = t->size};

	if (t->size <= 0)
		return 0;
	json_write(schema_encode(&layer_record_schema, &record, &a), JSON_COMPACT, &text);
	return io_publish_file(t->dir, LAYER_FILE, text.data, text.len, 0644, 0, err);
}

int layer_store_publish(struct layer_sink *t, const struct digest *diff_id,
	struct store_batch *batch, struct err *err)
{
	struct store *store = t->store;
	int r = write_size(t, err);

	if (r == 0 && batch) {
		batch_add(batch, BATCH_LAYER, t->name, digest_hex(diff_id),
			t->private ? -1 : give_fd(t->dir));
		temp_free(t);
		return 0;
	}
	if (r == 0)
		r = store_sync(store, err);
	if (r == 0)
		r = batch_rename(store, BATCH_LAYER, t->name, digest_hex(diff_id), err);
	if (r == 0 && fsync(store->layers) < 0)
		r = err_errno(err, "cannot write '%s/layers' to disk", store->root_path);
	if (r < 0)
		layer_sink_abort(t);
	else
		temp_free(t);
	return r;
}

int layer_store_adopt_upper(struct store *store, int parent, const char *name,
	const struct digest *diff_id, int64_t size, struct store_batch *batch, struct err *err)
{
	struct layer_sink *t;
	int r = layer_store_begin(store, diff_id, LAYER_PRIVATE, &t, err);

	if (r < 0)
		return r;
	if (r == 1)
		return path_remove_tree(parent, name, err);
	t->size = size;
	if (unlinkat(t->dir, "fs", AT_REMOVEDIR) < 0 || renameat(parent, name, t->dir, "fs") < 0) {
		r = err_errno(err, "cannot make a layer of '%s'", name);
		layer_sink_abort(t);
		return r;
	}
	return layer_store_publish(t, diff_id, batch, err);
}

int layer_store_remove(struct store *store, const struct digest *diff_id, struct err *err)
{
	char temp[40], random[17];

	io_random_hex(random, 8);
	snprintf(temp, sizeof(temp), TEMP_PREFIX "%s", random);
	if (renameat(store->layers, digest_hex(diff_id), store->layers, temp) < 0)
		return errno == ENOENT ? 0
				       : err_errno(err, "cannot remove layer %s", diff_id->text);
	return path_remove_tree(store->layers, temp, err);
}

int layer_store_set_aside(struct store *store,
	bool (*found)(void *arg, const struct digest *diff_id), void *arg, struct err *err)
{
	own_dir DIR *dir = dir_open(store->layers, ".");
	struct dirent *e;
	int r;

	if (!dir)
		return err_errno(err, "cannot read the layers of '%s'", store->root_path);
	while ((r = dir_next(dir, &e, err)) > 0) {
		char temp[40], random[17];
		struct digest diff_id;

		if (!digest_hex_valid(e->d_name))
			continue;
		diff_id = digest_from_hex(e->d_name);
		if (!found(arg, &diff_id))
			continue;
		io_random_hex(random, 8);
		snprintf(temp, sizeof(temp), GONE_PREFIX "%s", random);
		if (renameat(store->layers, e->d_name, store->layers, temp) < 0 && errno != ENOENT)
			return err_errno(err, "cannot remove layer %s", diff_id.text);
	}
	return r < 0 ? err_wrap(err, "'%s'", store->root_path) : 0;
}

int layer_store_empty(struct store *store, struct err *err)
{
	uint64_t count = 0, bytes = 0;

	return temp_collect(store->layers, GONE_PREFIX, &count, &bytes, err);
}
