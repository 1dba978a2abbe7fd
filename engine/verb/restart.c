/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "engine/verb/ending.h"
#include "engine/verb/starting.h"
#include "engine/verb/verb.h"

/* It has to have ended before its lock can be taken for the start. */
static int stop(struct engine *e, struct subject *s, const struct stop_request *rq,
	struct sink *sink, struct err *err)
{
	if (s->docker.host_config.auto_remove)
		return err_set(err, EINVAL,
			"container %s is removed when it ends (--rm): it cannot be restarted",
			rq->container);
	if (ending_plan_stop(e, s, rq->signal, rq->timeout, err) < 0)
		return -err->code;
	return engine_do(e, sink, err);
}

int verb_restart(
	struct engine *e, const struct stop_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct starting start = {.engine = e, .docker = &s.docker};
	int r = subject_find(e, rq->container, SUBJECT_STARTED | SUBJECT_SETTLED, &s, err);

	if (r == 0 && subject_runs(&s))
		r = stop(e, &s, rq, sink, err);
	if (r == 0)
		r = ending_lock(e, &s, err);
	if (r < 0)
		return r;
	start.id = s.id;
	/* else somebody was quicker, and it runs */
	if (r == 0)
		container_plan_start(&start);
	plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r == 0)
		subject_event(e, &s, sink, "restart");
	return r;
}
