/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "engine/verb/ending.h"
#include "engine/verb/starting.h"
#include "engine/verb/verb.h"

int verb_restart(
	struct engine *e, const struct stop_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = SUBJECT_INIT;
	struct starting start = {.engine = e,
		.sink = sink,
		.id = s.container.id,
		.docker = &s.docker,
		.container = &s.container,
		.mount = &s.mount};
	int r = subject_find(e, rq->container, SUBJECT_STARTED, &s, err);

	if (r < 0)
		return r;
	if (subject_runs(&s) && s.docker.host_config.auto_remove)
		return err_set(err, EINVAL,
			"container %s is removed when it ends (--rm): it cannot be restarted",
			rq->container);
	if (subject_runs(&s) && ending_plan_stop(e, &s, rq->signal, rq->timeout, err) < 0)
		return -err->code;
	ending_plan_lock(e, &s);
	container_plan_start(&start);
	plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "container", "restart", s.container.id, s.container.record.name);
	return r;
}
