/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/join.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"

/*
 * One that removes itself leaves no record: its monitor tells the status. Returns 1 with it, or 0
 * when there is no monitor any more.
 */
static int ask_monitor(struct engine *e, const char *id, int64_t *status, struct err *err)
{
	own_join struct join join = JOIN_INIT;

	if (join_begin(&join, e, id, err) < 0)
		return -err->code;
	if (join.socket < 0)
		return 0;
	return join_wait_exit(&join, status, err) < 0 ? -err->code : 1;
}

int verb_wait(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct result result = {.kind = RESULT_STATUS};
	int r = subject_find(e, rq->container, 0, &s, err);

	if (r == 0 && subject_runs(&s) && s.docker.host_config.auto_remove)
		r = ask_monitor(e, s.id, &result.status, err);
	if (r == 0)
		r = join_last_status(e, s.id, &result.status, err);
	return r < 0 ? r : sink_result(sink, &result, err);
}
