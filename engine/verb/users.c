/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/users.h"

#include <stdlib.h>
#include <string.h>

static void add(struct engine *e, struct users *u, struct user user)
{
	if (u->count == u->room) {
		size_t room = u->room ? u->room * 2 : 16;
		struct user *more = arena_array(&e->arena, room, sizeof(*more));

		for (size_t i = 0; i < u->count; i++)
			more[i] = u->items[i];
		u->items = more;
		u->room = room;
	}
	u->items[u->count++] = user;
	u->sorted = false;
}

/* All records; what is damaged is told, or is the error. */
static int read_records(
	struct engine *e, struct container_records *records, struct sink *sink, struct err *err)
{
	*records = (struct container_records){0};
	if (!e->store)
		return 0;
	if (stored_container_list(e->store, records, &e->arena, err) < 0)
		return -err->code;
	if (records->damaged.count && !sink)
		return err_set(
			err, E_SYNTAX, "a container may use it: %s", records->damaged.items[0]);
	return 0;
}

int image_users_read(struct engine *e, struct users *u, struct err *err)
{
	struct container_records records;

	*u = (struct users){0};
	if (read_records(e, &records, NULL, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		const struct container_record *r = &records.items[i];
		struct container_state state;

		if (!r->image_id)
			continue;
		if (container_state_read(e, r, &state, err) < 0) {
			if (err->code == E_NOT_FOUND)
				continue; /* it went while we looked */
			return -err->code;
		}
		add(e, u,
			(struct user){r->image_id, r->id,
				state.status == STATUS_RUNNING || state.status == STATUS_PAUSED});
	}
	return 0;
}

int volume_users_read(struct engine *e, struct users *u, struct sink *sink, struct err *err)
{
	struct container_records records;

	*u = (struct users){0};
	if (read_records(e, &records, sink, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		struct docker_container docker;

		if (container_docker(&records.items[i], &docker, &e->arena, err) < 0) {
			if (!sink)
				return err_wrap(err, "a container may use it");
			sink_notice(sink, "kist: %s", err->msg);
			continue;
		}
		for (size_t k = 0; k < docker.mounts.count; k++)
			if (docker.mounts.items[k].name)
				add(e, u,
					(struct user){docker.mounts.items[k].name,
						records.items[i].id, false});
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct user *x = a, *y = b;
	int r = strcmp(x->thing, y->thing);

	return r ? r : (int)y->running - (int)x->running;
}

const struct user *users_find(struct users *u, const char *thing)
{
	size_t low = 0, high = u->count;

	if (!u->sorted && u->count)
		qsort(u->items, u->count, sizeof(*u->items), compare);
	u->sorted = true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(u->items[middle].thing, thing) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < u->count && strcmp(u->items[low].thing, thing) == 0 ? &u->items[low] : NULL;
}
