/* SPDX-License-Identifier: Apache-2.0 */
/* What nobody uses goes: containers, images, volumes; and how much all of them take. */
#include <string.h>

#include "engine/api/router.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "store/disk_usage.h"

/* ---- prune ---- */

/* An object that went, as a row. */
static void on_removed(struct sink *sink, const struct event *event)
{
	struct call *call = (struct call *)sink;
	struct arena *a = &call->request->arena;
	struct json *row;

	if (strcmp(event->type, "image") != 0) {
		json_append(call->rows, json_new_string(a, event->id));
		return;
	}
	row = json_append(call->rows, json_new_object(a));
	if (strcmp(event->action, "untag") == 0)
		json_set_string(a, row, "Untagged", event->name);
	else
		json_set_string(a, row, "Deleted", event->id);
}

typedef int prune_verb(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err);

/* {"ContainersDeleted":[...],"SpaceReclaimed":N} */
static int prune(struct call *call, struct prune_request *rq, prune_verb *verb, const char *key,
	struct err *err)
{
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a);
	int r;

	call->sink.event = on_removed;
	r = verb(&call->engine, rq, &call->sink, err);
	/* 1: something is damaged, which hides nothing else, and has no place in the answer */
	if (r < 0)
		return r;
	json_set(a, d, key, call->rows->first ? call->rows : json_new_null(a));
	json_set_int(a, d, "SpaceReclaimed", call->engine.reclaimed);
	answer_json(call->request, 200, d);
	return 0;
}

int api_containers_prune(struct call *call, struct err *err)
{
	own_strv struct strv filters = {0};
	struct prune_request rq = {0};

	if (api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.filter = filters; /* borrowed */
	return prune(call, &rq, verb_container_prune, "ContainersDeleted", err);
}

int api_images_prune(struct call *call, struct err *err)
{
	own_strv struct strv filters = {0};
	struct prune_request rq = {0};

	if (api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.filter = filters; /* borrowed */
	/* what the command line says by --all */
	rq.all = strv_has(&filters, "dangling=false") || strv_has(&filters, "dangling=0");
	return prune(call, &rq, verb_image_prune, "ImagesDeleted", err);
}

int api_volumes_prune(struct call *call, struct err *err)
{
	own_strv struct strv filters = {0};
	struct prune_request rq = {0};

	if (api_filters(call, &filters, err) < 0)
		return -err->code;
	rq.filter = filters; /* borrowed */
	/* before 1.42 named ones went, too */
	rq.all = call->minor < 42;
	return prune(call, &rq, verb_volume_prune, "VolumesDeleted", err);
}

/* ---- system df ---- */

static bool asked_for(struct call *call, const char *type)
{
	const char *text = request_query(call->request, "type");

	return !text || strcmp(text, type) == 0;
}

static struct json *usage_row(struct call *call, const struct result *result)
{
	struct json *sizes = call->verb_arg;

	json_set_int(&call->request->arena, sizes, result->usage->type, result->usage->size);
	return NULL;
}

static struct json *volume_row(struct call *call, const struct result *result)
{
	struct arena *a = &call->request->arena;
	struct json *row = api_volume_row(call, result), *usage = json_new_object(a);
	int64_t bytes;
	struct err gone; /* since it was listed */

	if (disk_usage_volume(call->engine.store, result->volume->volume->name, &bytes, &gone) < 0)
		bytes = -1;
	json_set_int(a, usage, "Size", bytes);
	json_set_int(a, usage, "RefCount", result->volume->user ? 1 : 0);
	json_set(a, row, "UsageData", usage);
	return row;
}

/* The rows of one kind into the document. */
static void take_rows(struct call *call, struct json *d, const char *key)
{
	struct arena *a = &call->request->arena;

	json_set(a, d, key, call->rows);
	call->rows = json_new_array(a);
}

/* How many of the containers have which image. */
static void count_containers(struct arena *a, struct json *images, const struct json *containers)
{
	json_each (image, images) {
		const char *id = json_get_string(image, "Id");
		int64_t n = 0;

		json_each (container, containers)
			n += strcmp(json_get_string(container, "ImageID"), id) == 0;
		json_set_int(a, image, "Containers", n);
	}
}

/* docker's records of its cache: one, as nobody sees into ours. */
static struct json *cache_records(struct arena *a, const struct json *size)
{
	struct json *records = json_new_array(a), *row;
	int64_t bytes = 0;

	json_int64(size, &bytes);
	if (!bytes)
		return records;
	row = json_append(records, json_new_object(a));
	json_set_string(a, row, "ID", "kist");
	json_set_string(a, row, "Type", "regular");
	json_set_string(a, row, "Description", "ROOT/cache");
	json_set_bool(a, row, "InUse", false);
	json_set_bool(a, row, "Shared", false);
	json_set_int(a, row, "Size", bytes);
	return records;
}

int api_usage(struct call *call, struct err *err)
{
	const struct images_request images = {0};
	const struct ps_request containers = {.all = true, .size = true};
	const struct volume_ls_request volumes = {0};
	struct arena *a = &call->request->arena;
	struct json *d = json_new_object(a), *sizes = json_new_object(a);
	struct engine *e = &call->engine;

	call->sizes = true;
	call->verb_arg = sizes;
	call->row = usage_row;
	if (verb_system_df(e, &call->sink, err) < 0)
		return -err->code;
	call->row = api_image_row;
	if (asked_for(call, "image") && verb_images(e, &images, &call->sink, err) < 0)
		return -err->code;
	take_rows(call, d, "Images");
	call->row = api_container_row;
	if (asked_for(call, "container") && verb_ps(e, &containers, &call->sink, err) < 0)
		return -err->code;
	take_rows(call, d, "Containers");
	if (asked_for(call, "container"))
		count_containers(a, json_get(d, "Images"), json_get(d, "Containers"));
	call->row = volume_row;
	if (asked_for(call, "volume") && verb_volume_ls(e, &volumes, &call->sink, err) < 0)
		return -err->code;
	take_rows(call, d, "Volumes");
	json_set(a, d, "LayersSize", json_copy(a, json_get(sizes, "Images")));
	json_set(a, d, "BuildCache", cache_records(a, json_get(sizes, "Build Cache")));
	json_set(a, d, "BuilderSize", json_copy(a, json_get(sizes, "Build Cache")));
	answer_json(call->request, 200, d);
	return 0;
}
