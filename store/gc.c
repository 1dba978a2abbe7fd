/* SPDX-License-Identifier: Apache-2.0 */
#include "store/gc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/key_index.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/blob.h"
#include "store/container_name.h"
#include "store/container_open.h"
#include "store/digest_set.h"
#include "store/image_table.h"
#include "store/layer_store.h"
#include "store/snapshot.h"
#include "store/store_private.h"
#include "store/temp_dir.h"

struct marks {
	struct digest_set blobs, layers;
	struct key_index seen; /* manifests and indexes: an image may have many names */
};

static void marks_release(struct marks *m)
{
	digest_set_release(&m->blobs);
	digest_set_release(&m->layers);
}

void gc_result_release(struct gc_result *result)
{
	strv_release(&result->deleted);
}

/* What is needed cannot be told: then nothing goes, and that is no "not found". */
static int damaged(struct err *err, const char *kind, const char *name, const char *remedy)
{
	struct err cause = *err;

	return err_set(err, EUCLEAN, "%s '%s' is damaged (%s): %s", kind, name, remedy, cause.msg);
}

static int mark_text(struct digest_set *set, const char *text, struct err *err)
{
	struct digest digest;
	int r = digest_parse(text, &digest, err);

	if (r == 0)
		digest_set_add(set, &digest);
	return r;
}

static int mark_layers(struct marks *m, const struct strings *diff_ids, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < diff_ids->count; i++)
		r = mark_text(&m->layers, diff_ids->items[i], err);
	return r;
}

static int mark_manifest(struct store *store, struct marks *m, const char *text, size_t len,
	struct arena *a, struct err *err)
{
	own_buf struct buf config_text = {0};
	struct manifest manifest;
	struct image_config config;
	struct digest digest;
	int r = manifest_parse(text, len, &manifest, a, err);

	if (r == 0)
		r = mark_text(&m->blobs, manifest.config.digest, err);
	for (size_t i = 0; r == 0 && i < manifest.layers.count; i++)
		r = mark_text(&m->blobs, manifest.layers.items[i].digest, err);
	/* artifacts of other kinds have no layers to unpack */
	if (r < 0 ||
		(strcmp(manifest.config.media_type, MEDIA_TYPE_CONFIG) != 0 &&
			strcmp(manifest.config.media_type, MEDIA_TYPE_DOCKER_CONFIG) != 0))
		return r;
	r = digest_parse(manifest.config.digest, &digest, err);
	if (r == 0)
		r = blob_read(store, &digest, JSON_DOCUMENT_MAX, &config_text, err);
	if (r == 0)
		r = image_config_parse(config_text.data, config_text.len, &config, a, err);
	return r == 0 ? mark_layers(m, &config.rootfs.diff_ids, err) : r;
}

/* An entry and what it leads to; of an index only what is there, for it may be of many platforms.
 */
static int mark_descriptor(struct store *store, struct marks *m, const struct descriptor *d,
	bool nested, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	struct index index;
	struct digest digest;
	int r = digest_parse(d->digest, &digest, err);

	if (r < 0 || (nested && !blob_exists(store, &digest, NULL)))
		return r;
	if ((*key_index_at(&m->seen, arena_strdup(a, digest.text), a))++)
		return 0;
	digest_set_add(&m->blobs, &digest);
	r = blob_read(store, &digest, JSON_DOCUMENT_MAX, &text, err);
	if (r == 0 && !media_type_is_index(d->media_type))
		return mark_manifest(store, m, text.data, text.len, a, err);
	if (r == 0 && nested)
		r = err_set(err, E_UNSUPPORTED, "index %s is in another index", d->digest);
	if (r == 0)
		r = index_parse(text.data, text.len, &index, a, err);
	for (size_t i = 0; r == 0 && i < index.manifests.count; i++)
		r = mark_descriptor(store, m, &index.manifests.items[i], true, a, err);
	return r;
}

static int mark_images(struct store *store, struct marks *m, struct arena *a, struct err *err)
{
	struct image_table t;
	int r = image_table_read(store, &t, a, err);

	for (size_t i = 0; r == 0 && i < t.count; i++) {
		const struct image_entry *e = &t.rows[i].entry;

		if (t.rows[i].damaged) {
			err_set(err, E_SYNTAX, "%s", t.rows[i].damaged);
			return damaged(err, "entry", "of index.json", "kist-store fsck --repair");
		}
		if (mark_descriptor(store, m, &e->descriptor, false, a, err) < 0)
			r = damaged(err, "image",
				e->reference ? e->reference : e->descriptor.digest,
				"kist-store fsck --repair");
	}
	return r;
}

/* Its snapshot says what it needs, also where its record cannot be read. */
static int mark_snapshot(
	struct store *store, const char *id, struct marks *m, struct arena *a, struct err *err)
{
	own_fd int dir = openat(
		store->containers, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct strings layers;
	int r;

	if (dir < 0)
		return errno == ENOENT ? 0 : err_errno(err, "cannot open container '%s'", id);
	r = snapshot_layers(dir, &layers, a, err);
	if (r == 0)
		r = mark_layers(m, &layers, err);
	return r < 0 ? damaged(err, "container", id, "kist-store rm --force takes it away") : 0;
}

static int mark_container(struct store *store, const char *id, struct marks *m, uint64_t *count,
	struct arena *a, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	struct err why;
	int r = stored_container_open(store, id, &c, &why);

	if (r == -E_NOT_FOUND || (r == 0 && !stored_container_finished(store, &c.record))) {
		int gone = stored_container_collect_one(store, id, err);

		*count += gone > 0;
		/* without a record it needs nothing yet */
		if (gone || r < 0)
			return gone < 0 ? gone : 0;
	}
	/* one that is being made needs its layers, too */
	return mark_snapshot(store, id, m, a, err);
}

static int mark_containers(
	struct store *store, struct marks *m, uint64_t *count, struct arena *a, struct err *err)
{
	own_strv struct strv ids = {0};
	int r = stored_container_ids(store, &ids, err);

	for (size_t i = 0; r == 0 && i < ids.count; i++)
		r = mark_container(store, ids.items[i], m, count, a, err);
	return r;
}

static int sweep_blob(
	struct store *store, const char *hex, struct gc_result *result, struct err *err)
{
	struct digest digest = digest_from_hex(hex);
	int64_t size = 0;
	int r;

	blob_exists(store, &digest, &size);
	r = blob_remove(store, &digest, err);
	if (r < 0)
		return r;
	result->blobs++;
	result->bytes += (uint64_t)size;
	strv_add(&result->deleted, digest.text);
	return 0;
}

static int sweep_blobs(
	struct store *store, struct digest_set *keep, struct gc_result *result, struct err *err)
{
	own_dir DIR *dir = dir_open(store->blobs, ".");
	struct dirent *e;
	int r;

	if (!dir)
		return err_errno(err, "cannot read a directory of '%s'", store->root_path);
	while ((r = dir_next(dir, &e, err)) > 0)
		if (digest_hex_valid(e->d_name) && !digest_set_has(keep, e->d_name) &&
			sweep_blob(store, e->d_name, result, err) < 0)
			return -err->code;
	return r < 0 ? err_wrap(err, "'%s'", store->root_path) : 0;
}

struct layer_sweep {
	struct store *store;
	struct digest_set *keep;
	struct gc_result *result;
};

static bool layer_goes(void *arg, const struct digest *diff_id)
{
	struct layer_sweep *s = arg;
	int64_t size;

	if (digest_set_has(s->keep, digest_hex(diff_id)))
		return false;
	s->result->layers++;
	/* nobody has told of one that is damaged */
	if (layer_store_size(s->store, diff_id, &size, &(struct err){0}) == 0)
		s->result->bytes += (uint64_t)size;
	strv_add(&s->result->deleted, diff_id->text);
	return true;
}

/* index.json's temporary files are written under its lock. */
static int collect_index(struct store *store, struct gc_result *result, struct err *err)
{
	own_fd int lock = lock_file(store->images, "index.lock", 0, err);

	return lock < 0 ? lock
			: temp_collect(store->images, TEMP_PREFIX, &result->temporaries,
				  &result->bytes, err);
}

/* What lies under a temporary name while nobody adds is of a dead process, or locked. */
static int collect_temporaries(
	struct store *store, bool parts, struct gc_result *result, struct err *err)
{
	const int dirs[] = {store->blobs, store->layers, store->containers, store->volumes};
	int r = collect_index(store, result, err);

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(dirs); i++)
		r = temp_collect(dirs[i], TEMP_PREFIX, &result->temporaries, &result->bytes, err);
	if (r == 0 && parts)
		r = temp_collect(store->blobs, ".part-", &result->temporaries, &result->bytes, err);
	return r;
}

/* The caller holds the lease against adders. */
static int mark_and_sweep(
	struct store *store, bool parts, struct gc_result *result, struct err *err)
{
	own_arena struct arena a = {0};
	own(marks_release) struct marks m = {0};
	int r = mark_images(store, &m, &a, err);

	if (r == 0)
		r = mark_containers(store, &m, &result->temporaries, &a, err);
	if (r == 0)
		r = container_name_collect(store, &result->temporaries, err);
	if (r == 0)
		r = sweep_blobs(store, &m.blobs, result, err);
	/* emptying them may take long, and adders wait for us */
	if (r == 0)
		r = layer_store_set_aside(
			store, layer_goes, &(struct layer_sweep){store, &m.layers, result}, err);
	if (r == 0)
		r = collect_temporaries(store, parts, result, err);
	return r;
}

int store_gc(struct store *store, bool parts, struct gc_result *result, struct err *err)
{
	int lease = store_lease(store, STORE_LEASE_COLLECT, err);
	int r;

	if (lease == -E_IN_USE)
		return 1;
	if (lease < 0)
		return lease;
	r = mark_and_sweep(store, parts, result, err);
	close(lease);
	if (r == 0)
		r = layer_store_empty(store, err);
	return r;
}
