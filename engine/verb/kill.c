/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>

#include "engine/docker/signals.h"
#include "engine/verb/ending.h"
#include "engine/verb/verb.h"

int verb_kill(struct engine *e, const struct kill_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	int signo = rq->signal ? signal_parse(rq->signal) : SIGKILL;
	int r = subject_find(e, rq->container, SUBJECT_STARTED, &s, err);

	if (r < 0)
		return r;
	if (signo < 0)
		return err_set(err, E_USAGE, "invalid signal: %s", rq->signal);
	if (subject_check_running(&s, err) < 0)
		return err_wrap(err, "cannot kill container: %s", rq->container);
	ending_plan_kill(e, &s, signo);
	if (signo == SIGKILL)
		ending_plan_killed(e, &s);
	plan_say(&e->plan, rq->container);
	r = subject_blame(e, &s, engine_do(e, sink, err), err);
	if (r < 0)
		return err_wrap(err, "cannot kill container: %s", rq->container);
	if (r == 0)
		subject_event(e, &s, sink, "kill");
	return r;
}
