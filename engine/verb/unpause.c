/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"

int verb_unpause(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	int r = subject_find(e, rq->container, STORED_CONTAINER_LOCK, &s, err);

	if (r < 0)
		return r;
	if (s.state.status != STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING, "Container %s is not paused", s.id);
	plan_program(&e->plan, s.docker.host_config.runtime, "--root",
		engine_run_path(e, "runtime"), "resume", s.id, NULL)
		->flags = STEP_TELLS;
	plan_remove(&e->plan, engine_run_path(e, "containers/%s/paused", s.id));
	plan_say(&e->plan, rq->container);
	r = subject_blame(e, &s, engine_do(e, sink, err), err);
	if (r == 0)
		subject_event(e, &s, sink, "unpause");
	return r;
}
