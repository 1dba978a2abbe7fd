/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/verb/prune.h"
#include "engine/verb/users.h"
#include "engine/verb/verb.h"
#include "store/disk_usage.h"
#include "store/volume.h"

static bool is_anonymous(const struct volume *v)
{
	return v->anonymous || filter_label(&v->labels, VOLUME_LABEL_ANONYMOUS);
}

int verb_volume_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {"all", "label", "label!", NULL};
	struct volume_list list = {0};
	struct filters f;
	struct users users;
	struct strings removed = {0};
	int64_t freed = 0;
	size_t n = 0;
	int r;

	if (filters_parse(&rq->filter, keys, &f, err) < 0 ||
		volume_users_read(e, &users, NULL, err) < 0 ||
		(e->store && volume_list(e->store, &list, &e->arena, err) < 0))
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct volume *v = &list.items[i];
		const char *asked = filters_value(&f, "all");
		int64_t bytes;
		bool all = rq->all || (asked && strcmp(asked, "true") == 0);

		if (users_find(&users, v->name) || !(all || is_anonymous(v)) ||
			!prune_wanted(&f, &v->labels, v->created))
			continue;
		if (disk_usage_volume(e->store, v->name, &bytes, err) < 0)
			return -err->code;
		freed += bytes;
		plan_program(&e->plan, "kist-store", "volume", "rm", v->name, NULL);
		if (!n++)
			plan_say(&e->plan, "Deleted Volumes:");
		plan_say(&e->plan, v->name);
		strings_add(&e->arena, &removed, v->name);
	}
	prune_plan_total(e, freed, n > 0);
	e->reclaimed = freed;
	r = engine_do(e, sink, err);
	for (size_t i = 0; r == 0 && !e->plan_only && i < removed.count; i++)
		sink_event(sink, "volume", "destroy", removed.items[i], removed.items[i]);
	return r;
}
