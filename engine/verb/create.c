/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/creation.h"
#include "engine/verb/verb.h"

int verb_create(struct engine *e, const struct create_request *rq, struct create_result *result,
	struct sink *sink, struct err *err)
{
	struct creation c = {0};
	int r = creation_find_image(&c, e, rq, true, sink, err);

	if (r == 0 && c.image)
		r = creation_plan(&c, e, rq, err);
	if (r < 0 || !c.image)
		return r;
	result->id = arena_strdup(&e->arena, c.id);
	result->warnings = c.translation.warnings;
	plan_say(&e->plan, c.id);
	r = creation_do(&c, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "container", "create", c.id, c.name);
	return r;
}
