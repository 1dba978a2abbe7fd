/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/verb.h"

int verb_pull(struct engine *e, const struct pull_request *rq, struct sink *sink, struct err *err)
{
	struct step *s = plan_program(&e->plan, "kist-pull", "--progress", "json", NULL);

	s->flags = STEP_LAST | STEP_PROGRESS;
	if (rq->all_tags)
		step_add(&e->plan, s, "--all-tags");
	if (rq->platform)
		step_add2(&e->plan, s, "--platform", rq->platform);
	if (rq->auth) {
		/* a secret is never an argument */
		step_add2(&e->plan, s, "--authfile", "/proc/self/fd/3");
		s->input = arena_strdup(&e->plan.arena, rq->auth);
		s->input_fd = 3;
	}
	step_add2(&e->plan, s, "--", rq->reference);
	return engine_do(e, sink, err);
}
