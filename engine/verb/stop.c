/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ending.h"
#include "engine/verb/verb.h"

int verb_stop(struct engine *e, const struct stop_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = SUBJECT_INIT;
	int r = subject_find(e, rq->container, SUBJECT_STARTED, &s, err);
	bool runs = r == 0 && subject_runs(&s);

	if (runs)
		r = ending_plan_stop(e, &s, rq->signal, rq->timeout, err);
	if (r < 0)
		return r;
	plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r == 0 && runs && !e->plan_only)
		sink_event(sink, "container", "stop", s.container.id, s.container.record.name);
	return r;
}
