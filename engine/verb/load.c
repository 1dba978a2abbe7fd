/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/verb.h"

int verb_load(struct engine *e, const struct load_request *rq, struct sink *sink, struct err *err)
{
	struct step *s = plan_program(&e->plan, "kist-store", "load", NULL);

	if (rq->file)
		step_add2(&e->plan, s, "-i", rq->file);
	plan_pipe(&e->plan, s, "kist", "tell", "loaded", NULL)->flags = STEP_ANSWER;
	return engine_do(e, sink, err);
}
