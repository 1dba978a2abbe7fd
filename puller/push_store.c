/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/push_store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/upload.h"
#include "store/blob.h"
#include "store/image.h"

#define PARALLEL_DEFAULT 4
#define PARALLEL_MAX     16
#define TURN_MS          100

/* One blob of the image. */
struct item {
	struct upload upload;
	int fd; /* of the blob while it is uploaded */
	bool is_layer, started, done;
};

struct push {
	struct store *store;
	struct registry *registry;
	struct progress *progress;
	const char *mount_from;
	struct arena arena;
	struct item *items;
	size_t count;
};

static void push_release(struct push *p)
{
	for (size_t i = 0; i < p->count; i++) {
		upload_release(&p->items[i].upload);
		own_fd_release(&p->items[i].fd);
	}
	free(p->items);
	arena_release(&p->arena);
}

static ssize_t read_blob(void *arg, int64_t offset, void *data, size_t room, struct err *err)
{
	const struct item *item = arg;
	ssize_t n;

	do
		n = pread(item->fd, data, room, offset);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_errno(err, "cannot read blob %s", item->upload.digest.text) : n;
}

/* The config is not told of, as it is not by kist-pull. */
static void show(
	struct push *p, const struct item *item, enum progress_status status, int64_t current)
{
	if (item->is_layer)
		progress_update(
			p->progress, item->upload.digest.text, status, current, item->upload.size);
}

static int add_item(struct push *p, const struct descriptor *d, bool is_layer, struct err *err)
{
	struct item *item = &p->items[p->count];
	struct digest digest;

	if (digest_parse(d->digest, &digest, err) < 0)
		return -err->code;
	for (size_t i = 0; i < p->count; i++)
		if (digest_equal(&p->items[i].upload.digest, &digest))
			return 0;
	*item = (struct item){.fd = -1, .is_layer = is_layer};
	item->upload = (struct upload){
		.registry = p->registry,
		.digest = digest,
		.size = d->size,
		.mount_from = p->mount_from,
		.read = read_blob,
		.arg = item,
		.rewindable = true,
	};
	p->count++;
	show(p, item, PROGRESS_WAITING, 0);
	return 0;
}

static int list_items(struct push *p, const struct manifest *m, struct err *err)
{
	p->items = xcalloc(m->layers.count + 1, sizeof(*p->items));
	for (size_t i = 0; i < m->layers.count; i++)
		if (add_item(p, &m->layers.items[i], true, err) < 0)
			return -err->code;
	return add_item(p, &m->config, false, err);
}

static int start(struct push *p, struct item *item, struct err *err)
{
	item->fd = blob_open(p->store, &item->upload.digest, err);
	if (item->fd < 0)
		return -err->code;
	item->started = true;
	upload_start(&item->upload);
	return 0;
}

static int look_at(struct push *p, struct item *item, struct err *err)
{
	struct upload *u = &item->upload;

	if (!u->over) {
		if (upload_sent(u) > 0)
			show(p, item, PROGRESS_UPLOADING, upload_sent(u));
		return 0;
	}
	if (u->failure.code) {
		*err = u->failure;
		return -err->code;
	}
	item->done = true;
	own_fd_release(&item->fd);
	item->fd = -1;
	show(p, item, u->result == UPLOAD_SENT ? PROGRESS_DONE : PROGRESS_EXISTS, u->size);
	return 0;
}

static int push_blobs(struct push *p, size_t parallel, struct err *err)
{
	size_t next = 0, running = 0, done = 0;

	while (done < p->count) {
		for (; running < parallel && next < p->count; next++, running++)
			if (start(p, &p->items[next], err) < 0)
				return -err->code;
		if (http_dispatch(registry_http(p->registry), TURN_MS, err) < 0)
			return -err->code;
		for (size_t i = 0; i < next; i++) {
			if (p->items[i].done)
				continue;
			if (look_at(p, &p->items[i], err) < 0)
				return -err->code;
			if (p->items[i].done)
				running--, done++;
		}
		progress_tick(p->progress);
	}
	return 0;
}

/* "registry/repository" in the registry of ref: the repository, when it is another one than ref's.
 */
static const char *other_repository(const char *repo_name, const struct reference *ref)
{
	size_t n = strlen(ref->registry);

	if (!repo_name || strncmp(repo_name, ref->registry, n) != 0 || repo_name[n] != '/')
		return NULL;
	return strcmp(repo_name + n + 1, ref->repository) == 0 ? NULL : repo_name + n + 1;
}

/* A repository of the same registry that the image came from, under whatever tag. */
static const char *mount_source(
	struct push *p, const struct image_entry *e, const struct reference *ref)
{
	const char *found = other_repository(e->repo_name, ref);
	struct image_list list = {0};
	struct err ignored;

	/* without the list everything is uploaded, as it is from elsewhere */
	if (found || image_list(p->store, &list, &p->arena, &ignored) < 0)
		return found;
	for (size_t i = 0; i < list.count && !found; i++)
		if (strcmp(list.items[i].descriptor.digest, e->descriptor.digest) == 0)
			found = other_repository(list.items[i].repo_name, ref);
	return found;
}

/* docker's RepoDigests: what the name is at the registry, now that we have put it there. */
static int note_digest(
	struct push *p, const struct image *image, const struct reference *ref, struct err *err)
{
	struct image_tagging tagging = {
		.reference = reference_canonical(ref, &p->arena),
		.media_type = image->entry.descriptor.media_type,
		.repo_name = arena_printf(&p->arena, "%s/%s", ref->registry, ref->repository),
		.repo_digest = image->entry.descriptor.digest,
	};

	if (digest_parse(image->entry.descriptor.digest, &tagging.manifest, err) < 0 ||
		image_tag(p->store, &tagging, 1, err) < 0)
		return err_wrap(err, "it was pushed, but not noted");
	return 0;
}

static int push_manifest(
	struct push *p, const struct image *image, const struct reference *ref, struct err *err)
{
	const struct descriptor *d = &image->entry.descriptor;
	struct progress_result result = {.descriptor = *d, .digest = d->digest, .changed = true};
	own_buf struct buf text = {0};
	struct digest digest;

	if (digest_parse(d->digest, &digest, err) < 0 ||
		blob_read(p->store, &digest, JSON_DOCUMENT_MAX, &text, err) < 0 ||
		upload_manifest(
			p->registry, ref->tag, d->media_type, buf_str(&text), text.len, err) < 0 ||
		note_digest(p, image, ref, err) < 0)
		return -err->code;
	/* the store's own annotations are no business of the reader of progress */
	result.descriptor.annotations = (struct string_map){0};
	result.descriptor.source = NULL;
	return progress_finish(p->progress, &result, err);
}

int push_from_store(struct store *store, struct registry *registry, const struct reference *ref,
	int64_t parallel, struct progress *progress, struct err *err)
{
	own(push_release) struct push p = {
		.store = store, .registry = registry, .progress = progress};
	size_t limit = parallel > 0 && parallel < PARALLEL_MAX ? (size_t)parallel
							       : PARALLEL_DEFAULT;
	struct image image;

	if (image_find(store, reference_canonical(ref, &p.arena), &image, &p.arena, err) < 0)
		return -err->code;
	p.mount_from = mount_source(&p, &image.entry, ref);
	progress_start(progress, ref);
	if (list_items(&p, &image.manifest, err) < 0 || push_blobs(&p, limit, err) < 0 ||
		push_manifest(&p, &image, ref, err) < 0) {
		progress_stop(progress);
		/* the image is here; what is not found is the registry's */
		if (err->code == E_NOT_FOUND)
			err->code = E_NAME_UNKNOWN;
		return -err->code;
	}
	return 0;
}
