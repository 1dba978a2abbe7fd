/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "engine/verb/subject.h"
#include "engine/verb/verb.h"

int verb_attach(
	struct engine *e, const struct attach_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct step *step;

	if (subject_find(e, rq->container, SUBJECT_STARTED, &s, err) < 0)
		return -err->code;
	if (s.state.status == STATUS_PAUSED)
		return err_set(err, E_NOT_RUNNING,
			"You cannot attach to a paused container, unpause it first");
	if (s.state.status != STATUS_RUNNING)
		return err_set(err, E_NOT_RUNNING,
			"You cannot attach to a stopped container, start it first");
	if (s.docker.config.tty && !rq->no_stdin && !rq->terminal)
		return err_set(err, EINVAL, "the input device is not a TTY");
	step = plan_program(&e->plan, "kist-attach", "--run-dir",
		engine_run_path(e, "containers/%s", s.id), NULL);
	step->flags = rq->in_place ? STEP_EXEC : STEP_LAST;
	if (rq->no_stdin)
		step_add(&e->plan, step, "--no-stdin");
	if (rq->detach_keys)
		step_add2(&e->plan, step, "--detach-keys", rq->detach_keys);
	return engine_do(e, sink, err);
}
