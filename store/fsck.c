/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "store/blob.h"
#include "store/container_name.h"
#include "store/container_open.h"
#include "store/gc.h"
#include "store/image_table.h"
#include "store/layer_store.h"
#include "store/snapshot.h"
#include "store/store_private.h"

struct fsck {
	struct store *store;
	bool repair;
	struct fsck_result *result;
};

void fsck_result_release(struct fsck_result *result)
{
	strv_release(&result->problems);
}

/* Names in a directory of the store that are 64 hex digits. Returns 0. */
static int list_hex(struct store *store, int parent, struct strv *names, struct err *err)
{
	int r = dir_names(parent, ".", container_id_valid, names, err);

	return r < 0 ? err_wrap(err, "'%s'", store->root_path) : 0;
}

/* The digest of the blob's bytes, or -errno. */
static int digest_blob(struct store *store, const struct digest *digest, char *hex)
{
	struct err err;
	own_fd int fd = blob_open(store, digest, &err);
	int64_t n = fd < 0 ? fd : sha256_fd(fd, hex);

	return n < 0 ? (int)n : 0;
}

static int check_blob(struct fsck *f, const char *name, struct err *err)
{
	struct digest digest = digest_from_hex(name);
	char hex[SHA256_HEX_LEN + 1] = "";
	int r = digest_blob(f->store, &digest, hex);

	if (r == -E_BLOB_UNKNOWN)
		return 0; /* removed meanwhile */
	f->result->blobs++;
	if (r == 0 && strcmp(hex, name) == 0)
		return 0;
	if (r < 0)
		strv_addf(&f->result->problems, "blob %s cannot be read: %s", digest.text,
			strerror(-r));
	else
		strv_addf(&f->result->problems, "blob %s is corrupt: its bytes have sha256:%s",
			digest.text, hex);
	if (!f->repair)
		return 0;
	r = blob_remove(f->store, &digest, err);
	f->result->repaired += r == 0;
	return r;
}

/* A layer's files have no digests of their own: that it is there is all that can be checked. */
static int check_layer(struct fsck *f, const char *name, struct err *err)
{
	struct digest digest = digest_from_hex(name);
	struct err why;
	own_fd int fs = layer_store_open(f->store, &digest, &why);
	int r;

	f->result->layers++;
	if (fs >= 0)
		return 0;
	strv_addf(&f->result->problems, "layer %s: %s", digest.text, why.msg);
	if (!f->repair)
		return 0;
	r = layer_store_remove(f->store, &digest, err);
	f->result->repaired += r == 0;
	return r;
}

/* Is everything there that the row needs? */
static int check_row(struct store *store, const struct image_entry *e, struct err *err)
{
	own_arena struct arena a = {0};
	struct image image;
	int r = image_read(store, e, &image, &a, err);

	if (r == 0)
		r = blob_check(store, NULL, &image.manifest.config, err);
	for (size_t i = 0; r == 0 && i < image.manifest.layers.count; i++)
		r = blob_check(store, NULL, &image.manifest.layers.items[i], err);
	return r;
}

static int check_images(struct fsck *f, struct err *err)
{
	own_arena struct arena a = {0};
	struct image_table t;
	size_t damaged = 0;
	int r = image_table_read(f->store, &t, &a, err);

	for (size_t i = 0; r == 0 && i < t.count; i++) {
		const struct image_entry *e = &t.rows[i].entry;
		struct digest digest;
		struct err why;

		f->result->images++;
		if (t.rows[i].damaged) {
			strv_addf(&f->result->problems, "index.json is damaged: %s",
				t.rows[i].damaged);
			damaged++;
			continue;
		}
		if (check_row(f->store, e, &why) == 0)
			continue;
		strv_addf(&f->result->problems, "image '%s' cannot be used: %s",
			e->reference ? e->reference : e->descriptor.digest, why.msg);
		if (!f->repair)
			continue;
		r = digest_parse(e->descriptor.digest, &digest, err);
		if (r == 0)
			r = image_table_forget(f->store, &digest, err);
		f->result->repaired += r == 0;
	}
	if (r == 0 && damaged && f->repair) {
		r = image_table_forget_damaged(f->store, err);
		f->result->repaired += r == 0 ? damaged : 0;
	}
	return r;
}

static int check_container(struct fsck *f, const char *id, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	own_arena struct arena a = {0};
	struct strings layers;
	struct digest digest;
	int r = stored_container_open(f->store, id, &c, err);

	if (r == -E_NOT_FOUND)
		return 0;
	f->result->containers++;
	if (r == 0)
		r = snapshot_layers(c.dir, &layers, &a, err);
	for (size_t i = 0; r == 0 && i < layers.count; i++) {
		r = digest_parse(layers.items[i], &digest, err);
		if (r == 0 && !layer_store_has(f->store, &digest))
			r = err_set(err, E_NOT_FOUND, "layer %s is missing", digest.text);
	}
	if (r < 0)
		strv_addf(&f->result->problems, "container %.12s cannot be mounted: %s", id,
			err->msg);
	return 0;
}

static int each(struct fsck *f, int parent, int (*check)(struct fsck *, const char *, struct err *),
	struct err *err)
{
	own_strv struct strv names = {0};
	int r = list_hex(f->store, parent, &names, err);

	for (size_t i = 0; r == 0 && i < names.count; i++)
		r = check(f, names.items[i], err);
	return r;
}

int store_fsck(struct store *store, bool repair, struct fsck_result *result, struct err *err)
{
	struct fsck f = {.store = store, .repair = repair, .result = result};
	uint64_t names = 0;
	int r = each(&f, store->blobs, check_blob, err);

	if (r == 0)
		r = each(&f, store->layers, check_layer, err);
	if (r == 0)
		r = check_images(&f, err);
	if (r == 0)
		r = each(&f, store->containers, check_container, err);
	if (r == 0 && repair)
		r = container_name_collect(store, &names, err);
	return r;
}
