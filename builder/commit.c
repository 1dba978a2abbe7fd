/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/commit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/build.h"
#include "builder/cache.h"
#include "lib/own.h"
#include "store/layer_pack.h"
#include "store/layer_store.h"

static struct descriptor describe(struct stage *s, const struct layer_blob *blob)
{
	return (struct descriptor){
		.media_type = blob->media_type,
		.digest = arena_strdup(&s->build->arena, blob->digest.text),
		.size = blob->size,
	};
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
	struct layer_blob packed;
	struct descriptor blob;
	struct digest id;

	if (upper < 0)
		return err_errno(err, "cannot open the new layer");
	if (set_root_time(s, upper, err) < 0)
		return -err->code;
	if (layer_pack_upper(s->build->store, dir, "upper", batch, &id,
		    s->exported ? &packed : NULL, err) < 0 ||
		store_batch_publish(batch, err) < 0)
		return err_wrap(err, "cannot make a layer");
	*diff_id = arena_strdup(&s->build->arena, id.text);
	if (!s->exported) {
		stage_push_layer(s, *diff_id, NULL);
		return 0;
	}
	blob = describe(s, &packed);
	if (cache_add_blob(s->build, *diff_id, &blob, err) < 0)
		return -err->code;
	stage_push_layer(s, *diff_id, &blob);
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
	struct layer_blob packed;
	struct digest id;

	if (digest_parse(layer->diff_id, &id, err) < 0 ||
		layer_pack(s->build->store, &id, batch, &packed, err) < 0 ||
		store_batch_publish(batch, err) < 0)
		return -err->code;
	layer->blob = describe(s, &packed);
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
