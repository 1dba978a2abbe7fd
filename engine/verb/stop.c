/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ending.h"
#include "engine/verb/verb.h"

int verb_stop(struct engine *e, const struct stop_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	int r = subject_find(
		e, rq->container, SUBJECT_STARTED | SUBJECT_SETTLED | SUBJECT_MAY_BE_GONE, &s, err);
	bool runs = r == 0 && !s.gone && subject_runs(&s);

	if (runs)
		r = ending_plan_stop(e, &s, rq->signal, rq->timeout, err);
	if (r < 0)
		return r;
	plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r == 0 && runs)
		subject_event(e, &s, sink, "stop");
	return r;
}
