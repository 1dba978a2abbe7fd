/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/verb.h"

int verb_tag(struct engine *e, const struct tag_request *rq, struct sink *sink, struct err *err)
{
	struct step *s = plan_program(&e->plan, "kist-store", "tag", rq->image, rq->name, NULL);
	int r;

	step_about(&e->plan, s, ABOUT_IMAGE, rq->image);
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "image", "tag", rq->image, rq->name);
	return r;
}
