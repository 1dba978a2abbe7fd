/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/verb/state.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "store/disk_usage.h"

/* What is damaged is told, and hides no other. */
static int container_usage(struct engine *e, struct container_records *records,
	struct usage_summary *u, struct sink *sink, struct err *err)
{
	if (stored_container_list(e->store, records, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records->damaged.count; i++)
		sink_notice(sink, "kist: %s", records->damaged.items[i]);
	for (size_t i = 0; i < records->count; i++) {
		struct container_state state;
		int64_t upper, layers;

		if (container_state_read(e, &records->items[i], &state, err) < 0)
			continue; /* it went while we looked */
		if (disk_usage_container(e->store, &records->items[i], &upper, &layers, err) < 0)
			return -err->code;
		u->total++;
		u->size += upper;
		if (state.monitor)
			u->active++;
		else
			u->reclaimable += upper;
	}
	return 0;
}

static bool image_used(const struct container_records *records, const struct image_entry *entry)
{
	for (size_t i = 0; i < records->count; i++)
		if (records->items[i].image_id &&
			strcmp(records->items[i].image_id, entry->id.text) == 0)
			return true;
	return false;
}

static int image_usage(struct engine *e, const struct container_records *records,
	struct usage_summary *u, struct err *err)
{
	struct image_list list;

	if (image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || digest_equal(&list.items[k].id, &list.items[i].id);
		if (again)
			continue;
		u->total++;
		u->size += image_entry_bytes(&list.items[i]);
		if (image_used(records, &list.items[i]))
			u->active++;
		else
			u->reclaimable += image_entry_bytes(&list.items[i]);
	}
	return 0;
}

static bool volume_used(struct engine *e, const struct container_records *records, const char *name)
{
	for (size_t i = 0; i < records->count; i++) {
		struct docker_container docker;

		if (container_docker(&records->items[i], &docker, &e->arena, &(struct err){0}) < 0)
			continue;
		for (size_t k = 0; k < docker.mounts.count; k++)
			if (docker.mounts.items[k].name &&
				strcmp(docker.mounts.items[k].name, name) == 0)
				return true;
	}
	return false;
}

static int volume_usage(struct engine *e, const struct container_records *records,
	struct usage_summary *u, struct err *err)
{
	struct volume_list list;

	if (volume_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		int64_t bytes;

		if (disk_usage_volume(e->store, list.items[i].name, &bytes, err) < 0)
			return -err->code;
		u->total++;
		u->size += bytes;
		if (volume_used(e, records, list.items[i].name))
			u->active++;
		else
			u->reclaimable += bytes;
	}
	return 0;
}

int verb_system_df(struct engine *e, struct sink *sink, struct err *err)
{
	struct usage_summary images = {.type = "Images"}, containers = {.type = "Containers"},
			     volumes = {.type = "Local Volumes"}, cache = {.type = "Build Cache"};
	const struct usage_summary *const rows[] = {&images, &containers, &volumes, &cache};
	struct container_records records;

	if (container_usage(e, &records, &containers, sink, err) < 0 ||
		image_usage(e, &records, &images, err) < 0 ||
		volume_usage(e, &records, &volumes, err) < 0 ||
		disk_usage_cache(e->store, &cache.size, err) < 0)
		return -err->code;
	cache.reclaimable = cache.size;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct result result = {.kind = RESULT_USAGE, .usage = rows[i]};

		if (sink_result(sink, &result, err) < 0)
			return -err->code;
	}
	return 0;
}
