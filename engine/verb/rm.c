/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

#include "engine/verb/ending.h"
#include "engine/verb/verb.h"

static int plan_rm(
	struct engine *e, struct subject *s, const struct rm_request *rq, struct err *err)
{
	if (subject_runs(s) && !rq->force)
		return err_set(err, E_IN_USE,
			"cannot remove container \"/%s\": container is %s: %s the container before "
			"removing or force remove",
			s->container.record.name, container_status_name(s->state.status),
			s->state.status == STATUS_PAUSED ? "unpause and then stop" : "stop");
	if (subject_runs(s)) {
		ending_plan_kill(e, s, SIGKILL);
		ending_plan_wait(e, s);
		/* --rm: its end takes it away already */
		if (s->docker.host_config.auto_remove)
			return 0;
	}
	ending_plan_lock(e, s);
	container_plan_remove(e, &s->container, &s->docker, rq->volumes);
	return 0;
}

int verb_rm(struct engine *e, const struct rm_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = SUBJECT_INIT;
	const char *id, *name;
	int r = subject_find(e, rq->container, SUBJECT_STARTED, &s, err);

	if (r == 0)
		r = plan_rm(e, &s, rq, err);
	if (r < 0)
		return r;
	id = arena_strdup(&e->arena, s.container.id);
	name = arena_strdup(&e->arena, s.container.record.name);
	plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "container", "destroy", id, name);
	return r;
}
