/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/verb.h"

int verb_pass(struct engine *e, const struct pass_request *rq, struct sink *sink, struct err *err)
{
	struct step *s = rq->tell ? plan_progress(&e->plan, rq->tell)
				  : plan_program(&e->plan, rq->program, NULL);

	s->flags = STEP_LAST | STEP_DOCKER;
	for (size_t i = 0; i < rq->words.count; i++)
		step_add(&e->plan, s, rq->words.items[i]);
	if (rq->secret) {
		s->input = arena_strdup(&e->plan.arena, rq->secret);
		s->input_fd = 4;
	}
	return engine_do(e, sink, err);
}
