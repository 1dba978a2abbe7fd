/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/starting.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"

int verb_start(struct engine *e, const struct start_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct starting start = {.engine = e, .docker = &s.docker, .stay = rq->stay};
	int r = subject_find(e, rq->container, STORED_CONTAINER_LOCK | SUBJECT_SETTLED, &s, err);
	bool runs = r == 0 && subject_runs(&s);

	if (r < 0)
		return r;
	if (rq->stay) {
		if (runs)
			return err_set(err, E_IN_USE,
				"container %s is running: 'kist attach %s' joins it", s.id,
				rq->container);
		rq->stay->use_stdin = rq->stay->use_stdin && s.docker.config.open_stdin;
		if (starting_check_terminal(&s.docker, rq->stay, err) < 0)
			return -err->code;
	}
	start.id = s.id;
	if (!runs)
		container_plan_start(&start);
	if (!rq->stay)
		plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r >= 0 && !runs)
		subject_event(e, &s, sink, "start");
	return r;
}
