/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/image_user.h"

#include <string.h>

#include "engine/verb/state.h"

int image_user(struct engine *e, const struct digest *id, const char **user, bool *running,
	struct err *err)
{
	struct container_records records;

	*user = NULL;
	*running = false;
	if (stored_container_list(e->store, &records, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count && !*running; i++) {
		struct container_state state;

		if (!records.items[i].image_id || strcmp(records.items[i].image_id, id->text) != 0)
			continue;
		if (container_state_read(e, &records.items[i], &state, err) < 0)
			continue; /* it went while we looked */
		*running = state.status == STATUS_RUNNING || state.status == STATUS_PAUSED;
		*user = records.items[i].id;
	}
	return 0;
}
