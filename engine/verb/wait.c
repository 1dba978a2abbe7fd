/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/spawn.h"

/* One that removes itself leaves no record: its monitor tells the status to those that are
 * attached. */
static int ask_monitor(struct engine *e, const struct subject *s, int64_t *code, struct err *err)
{
	const char *const argv[] = {"kist-attach", "--run-dir",
		engine_run_path(e, "containers/%s", s->id), "--no-stdin", NULL};
	struct spawn sp = {.argv = argv};
	struct child child;
	int status;

	for (int fd = 0; fd < 3; fd++)
		spawn_pass(&sp, -1, fd);
	if (spawn_start(&sp, &child, err) < 0 || child_wait(&child, &status, err) < 0)
		return -err->code;
	*code = status;
	return 0;
}

int verb_wait(
	struct engine *e, const struct container_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	struct result result = {.kind = RESULT_STATUS};
	int r = subject_find(e, rq->container, 0, &s, err);

	if (r < 0)
		return r;
	if (s.state.monitor && s.docker.host_config.auto_remove) {
		r = ask_monitor(e, &s, &result.status, err);
	} else {
		r = stored_container_wait(e->store, s.id, -1, err);
		if (r >= 0)
			r = container_state_read(e, &s.container->record, &s.state, err);
		result.status = s.state.exit_code;
	}
	return r < 0 ? r : sink_result(sink, &result, err);
}
