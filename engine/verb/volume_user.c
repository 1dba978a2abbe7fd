/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/volume_user.h"

#include <string.h>

int volume_users_read(struct engine *e, struct volume_users *u, struct sink *sink, struct err *err)
{
	*u = (struct volume_users){0};
	if (!e->store)
		return 0;
	if (stored_container_list(e->store, &u->records, &e->arena, err) < 0)
		return -err->code;
	if (u->records.damaged.count && !sink)
		return err_set(err, E_SYNTAX, "%s", u->records.damaged.items[0]);
	u->items = arena_array(&e->arena, u->records.count + 1, sizeof(*u->items));
	for (size_t i = 0; i < u->records.count; i++)
		if (container_docker(&u->records.items[i], &u->items[i], &e->arena, err) < 0) {
			if (!sink)
				return -err->code;
			sink_notice(sink, "kist: %s", err->msg);
			u->items[i] = (struct docker_container){0};
		}
	return 0;
}

const char *volume_user(const struct volume_users *u, const char *name)
{
	for (size_t i = 0; i < u->records.count; i++)
		for (size_t k = 0; k < u->items[i].mounts.count; k++) {
			const char *volume = u->items[i].mounts.items[k].name;

			if (volume && strcmp(volume, name) == 0)
				return u->records.items[i].id;
		}
	return NULL;
}
