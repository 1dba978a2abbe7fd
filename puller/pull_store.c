/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/pull_store.h"

#include <errno.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/fetch.h"
#include "puller/resolve.h"
#include "store/blob.h"
#include "store/image.h"
#include "store/layer_store.h"

#define PARALLEL_DEFAULT 4
#define PARALLEL_MAX     16
#define TURN_MS          100
#define BLOCKED_RETRY_MS 100
#define BLOCKED_MAX_MS   10000 /* then a layer is unpacked twice rather than waited for */

struct pull {
	struct fetch_context context;
	const struct reference *ref;
	const struct pull_store_options *options;
	struct resolved image;
	struct fetch *fetches; /* layers, lowest first */
	size_t count, parallel;
	int64_t blocked_tried;
};

/* Is what was downloaded worth keeping for another attempt? */
static bool keeps_parts(int code)
{
	return code == E_NETWORK || code == E_TIMEOUT || code == EINTR || code == E_TLS;
}

static void pull_release(struct pull *p)
{
	bool keep = keeps_parts(p->context.failure.code);

	for (size_t i = 0; i < p->count; i++)
		fetch_release(&p->fetches[i], keep);
	free(p->fetches);
	if (keep)
		store_batch_free(p->context.batch);
	else
		store_batch_discard(p->context.batch);
	resolved_release(&p->image);
}

/* Is a layer with the same blob (or content) already among the first n? It is fetched once. */
static bool listed(const struct pull *p, size_t n, const struct fetch *f)
{
	for (size_t i = 0; i < n; i++)
		if (digest_equal(&p->fetches[i].digest, &f->digest) ||
			digest_equal(&p->fetches[i].diff_id, &f->diff_id))
			return true;
	return false;
}

static int list_fetches(struct pull *p, struct err *err)
{
	const struct manifest *m = &p->image.manifest;

	p->fetches = xcalloc(m->layers.count + 1, sizeof(*p->fetches));
	for (size_t i = 0; i < m->layers.count; i++) {
		struct fetch *f = &p->fetches[p->count];

		if (fetch_init(f, &p->context, &m->layers.items[i],
			    p->image.config.rootfs.diff_ids.items[i], err) < 0)
			return -err->code;
		if (listed(p, p->count, f))
			continue;
		p->count++;
		if (!fetch_is_there(f))
			progress_update(
				p->context.progress, f->digest.text, PROGRESS_WAITING, 0, f->size);
	}
	return 0;
}

static size_t count_state(const struct pull *p, enum fetch_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += p->fetches[i].state == state;
	return n;
}

/*
 * Publish the blobs and the lowest complete layers, so that another process that waits for one of
 * them gets it, and with it gets done what we wait for.
 */
static int publish_ready(struct pull *p, struct err *err)
{
	own_mem const char **ids = xcalloc(p->count + 1, sizeof(*ids));
	own_mem struct layer_sink **temps = xcalloc(p->count + 1, sizeof(struct layer_sink *));
	struct strings diff_ids = {.items = ids};

	while (diff_ids.count < p->count && p->fetches[diff_ids.count].state == FETCH_DONE) {
		struct fetch *f = &p->fetches[diff_ids.count];

		temps[diff_ids.count] = give(f->temp);
		ids[diff_ids.count++] = f->diff_id.text;
	}
	if (layer_store_settle(p->context.store, &diff_ids, temps, p->context.batch, err) < 0)
		return -err->code;
	return store_batch_publish(p->context.batch, err);
}

static void begin_blocked(struct pull *p)
{
	int64_t now = http_now();

	if (now - p->blocked_tried < BLOCKED_RETRY_MS)
		return;
	p->blocked_tried = now;
	for (size_t i = 0; i < p->count && !p->context.failure.code; i++) {
		struct fetch *f = &p->fetches[i];

		if (f->state == FETCH_BLOCKED && count_state(p, FETCH_RUNNING) < p->parallel)
			fetch_begin(f, now - f->blocked_since > BLOCKED_MAX_MS);
	}
}

static void begin_pending(struct pull *p)
{
	for (size_t i = 0; i < p->count && !p->context.failure.code; i++) {
		if (count_state(p, FETCH_RUNNING) >= p->parallel)
			return;
		if (p->fetches[i].state == FETCH_PENDING)
			fetch_begin(&p->fetches[i], false);
	}
}

/* Drive all fetches to their end. */
static int fetch_all(struct pull *p, struct err *err)
{
	struct http *http = registry_http(p->context.registry);
	bool published = false;

	while (count_state(p, FETCH_DONE) < p->count) {
		begin_pending(p);
		begin_blocked(p);
		if (!p->context.failure.code && !published && count_state(p, FETCH_BLOCKED) &&
			!count_state(p, FETCH_RUNNING)) {
			if (publish_ready(p, &p->context.failure) >= 0)
				published = true;
		}
		if (count_state(p, FETCH_RUNNING))
			published = false;
		if (!p->context.failure.code)
			http_dispatch(http, TURN_MS, &p->context.failure);
		for (size_t i = 0; i < p->count; i++)
			fetch_tick(&p->fetches[i]);
		progress_tick(p->context.progress);
		if (p->context.failure.code) {
			*err = p->context.failure;
			return -err->code;
		}
	}
	return 0;
}

static int put_documents(struct pull *p, struct err *err)
{
	struct store *store = p->context.store;
	const struct buf *manifest = &p->image.document.text, *config = &p->image.config_text;
	struct digest ignored;

	if (blob_put(store, p->context.batch, buf_str(config), config->len, &ignored, err) < 0)
		return -err->code;
	return blob_put(store, p->context.batch, buf_str(manifest), manifest->len, &ignored, err);
}

/* The digest that the reference names in the store now; empty: none. */
static struct digest known_digest(struct pull *p)
{
	struct digest none = {0}, found;
	own_arena struct arena a = {0};
	struct image_entry entry;
	struct err ignored;

	if (image_lookup(p->context.store, reference_canonical(p->ref, &a), &entry, &a, &ignored) <
			0 ||
		digest_parse(entry.descriptor.digest, &found, &ignored) < 0)
		return none;
	return found;
}

/* Is all of the image here, unpacked? */
static bool is_whole(struct pull *p, const struct image *image)
{
	struct store *store = p->context.store;
	const struct manifest *m = &image->manifest;
	struct err ignored;

	if (blob_check(store, NULL, &m->config, &ignored) < 0 ||
		image->config.rootfs.diff_ids.count != m->layers.count)
		return false;
	for (size_t i = 0; i < m->layers.count; i++) {
		struct digest id;

		if (blob_check(store, NULL, &m->layers.items[i], &ignored) < 0 ||
			digest_parse(image->config.rootfs.diff_ids.items[i], &id, &ignored) < 0 ||
			!layer_store_has(store, &id))
			return false;
	}
	return true;
}

/*
 * Registries count who fetches manifests, and not who asks for their digests: when the name leads
 * to what it led to at the last pull, there is nothing to fetch. Returns 1 then, and 0 when it is
 * not known, for whatever reason: the pull will tell.
 */
static int is_up_to_date(struct pull *p, const char *reference, struct err *err)
{
	own_arena struct arena a = {0};
	struct progress_result result = {0};
	char digest[DIGEST_LEN + 1];
	struct image image;
	struct err ignored;

	/* another platform's image may be behind the same name */
	if (p->options->platform || p->ref->digest.text[0] ||
		image_find(p->context.store, reference, &image, &a, &ignored) < 0 ||
		!image.entry.repo_digest || !is_whole(p, &image) ||
		fetch_manifest_digest(p->context.registry, p->ref, digest, &ignored) < 0 ||
		strcmp(digest, image.entry.repo_digest) != 0)
		return 0;
	for (size_t i = 0; i < image.manifest.layers.count; i++)
		progress_update(p->context.progress, image.manifest.layers.items[i].digest,
			PROGRESS_EXISTS, 0, image.manifest.layers.items[i].size);
	result.descriptor = (struct descriptor){
		.media_type = image.entry.descriptor.media_type,
		.digest = image.entry.descriptor.digest,
		.size = image.entry.descriptor.size,
	};
	result.digest = image.entry.repo_digest;
	return progress_finish(p->context.progress, &result, err) < 0 ? -err->code : 1;
}

static int tag(struct pull *p, struct err *err)
{
	own_arena struct arena a = {0};
	struct reference tag = *p->ref;
	struct image_tagging tagging = {
		.manifest = p->image.document.digest,
		.media_type = p->image.document.media_type,
		.repo_name = arena_printf(&a, "%s/%s", p->ref->registry, p->ref->repository),
		.repo_digest = p->image.top.digest.text,
	};

	/* a reference with a digest does not move a tag */
	if (!tag.digest.text[0])
		tagging.reference = reference_canonical(&tag, &a);
	return image_tag(p->context.store, &tagging, 1, err);
}

static int pull(struct pull *p, struct err *err)
{
	struct registry *registry = p->context.registry;
	struct progress_result result = {0};
	struct digest before = known_digest(p);
	own_arena struct arena a = {0};
	own_fd int lease = -1;
	int r = is_up_to_date(p, reference_canonical(p->ref, &a), err);

	if (r != 0)
		return r < 0 ? r : 0;
	if (resolve_manifest(registry, p->ref, p->options->platform, &p->image, err) < 0)
		return -err->code;
	lease = store_lease(p->context.store, STORE_LEASE_ADD, err);
	if (lease < 0)
		return -err->code;
	if (resolve_config(registry, p->ref, p->options->platform, &p->image, err) < 0 ||
		list_fetches(p, err) < 0 || fetch_all(p, err) < 0 || put_documents(p, err) < 0 ||
		publish_ready(p, err) < 0 || tag(p, err) < 0)
		return -err->code;
	result.descriptor = (struct descriptor){
		.media_type = p->image.document.media_type,
		.digest = p->image.document.digest.text,
		.size = (int64_t)p->image.document.text.len,
	};
	result.digest = p->image.top.digest.text;
	result.changed = !digest_equal(&before, &p->image.document.digest);
	return progress_finish(p->context.progress, &result, err);
}

int pull_to_store(struct store *store, struct registry *registry, const struct reference *ref,
	const struct pull_store_options *options, struct progress *progress, struct err *err)
{
	own(pull_release) struct pull p = {
		.context = {.store = store, .registry = registry, .progress = progress},
		.ref = ref,
		.options = options,
		.parallel = PARALLEL_DEFAULT,
	};

	if (options->parallel > 0)
		p.parallel = options->parallel < PARALLEL_MAX ? (size_t)options->parallel
							      : PARALLEL_MAX;
	p.context.batch = store_batch_new(store);
	progress_start(progress, ref);
	if (pull(&p, err) < 0) {
		p.context.failure = *err;
		progress_stop(progress);
		return -err->code;
	}
	return 0;
}
