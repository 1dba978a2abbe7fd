/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/docker/filter.h"
#include "engine/verb/summary.h"
#include "engine/verb/users.h"
#include "engine/verb/verb.h"

static bool match_dangling(const void *used, const char *value)
{
	bool dangling = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	return dangling != *(const bool *)used;
}

int verb_volume_ls(
	struct engine *e, const struct volume_ls_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {"dangling", "driver", "label", "name", NULL};
	struct volume_list list;
	struct filters f;
	struct users users;

	if (filters_parse(&rq->filter, keys, &f, err) < 0 ||
		volume_list(e->store, &list, &e->arena, err) < 0 ||
		volume_users_read(e, &users, sink, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.damaged.count; i++)
		sink_notice(sink, "kist: %s", list.damaged.items[i]);
	for (size_t i = 0; i < list.count; i++) {
		const struct volume *v = &list.items[i];
		const struct user *user = users_find(&users, v->name);
		const struct volume_summary row = {v, user ? user->container : NULL};
		const struct result result = {.kind = RESULT_VOLUME, .volume = &row};
		bool used = row.user;

		if (filters_match(&f, "name", filter_name, v->name) &&
			filters_match(&f, "label", filter_label, &v->labels) &&
			filters_match(&f, "driver", filter_equal, "local") &&
			filters_match(&f, "dangling", match_dangling, &used) &&
			sink_result(sink, &result, err) < 0)
			return -err->code;
	}
	return 0;
}
