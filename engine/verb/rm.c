/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "engine/verb/ending.h"
#include "engine/verb/network.h"
#include "engine/verb/removal.h"
#include "engine/verb/verb.h"
#include "spec/reference.h"

/* It has to have ended before its lock can be taken for the removal. */
static int kill_it(struct engine *e, struct subject *s, const struct rm_request *rq,
	struct sink *sink, struct err *err)
{
	if (!rq->force)
		return err_set(err, E_IN_USE,
			"cannot remove container \"/%s\": container is %s: %s the container before "
			"removing or force remove",
			s->full_name, container_status_name(s->state.status),
			s->state.status == STATUS_PAUSED ? "unpause and then stop" : "stop");
	ending_plan_last_kill(e, s);
	/* --rm: its end takes it away already */
	s->gone = s->docker.host_config.auto_remove;
	return engine_do(e, sink, err);
}

/* Whose record cannot be read: by its whole ID, or the name that leads to it. In the arena. */
static const char *damaged_id(struct engine *e, const char *text)
{
	char id[CONTAINER_ID_LEN + 1];
	ssize_t n;

	if (strlen(text) == CONTAINER_ID_LEN &&
		strspn(text, "0123456789abcdef") == CONTAINER_ID_LEN)
		return text;
	if (!name_valid(text))
		return NULL;
	n = readlink(engine_root_path(e, "names/%s", text), id, sizeof(id));
	return n == CONTAINER_ID_LEN ? arena_strndup(&e->arena, id, (size_t)n) : NULL;
}

/* Nobody knows its runtime, network and volumes: what can be found by its ID goes. */
static int remove_damaged(
	struct engine *e, const char *name, const char *id, struct sink *sink, struct err *err)
{
	struct step *end = plan_program(&e->plan, "kist-runtime", "--root",
		engine_run_path(e, "runtime"), "delete", "--force", id, NULL);

	end->flags = STEP_MAY_FAIL;
	plan_program(&e->plan, "kist-store", "forget-run", id, NULL);
	plan_program(&e->plan, "kist-store", "rm", "--force", id, NULL);
	plan_say(&e->plan, name);
	return engine_do(e, sink, err);
}

int verb_rm(struct engine *e, const struct rm_request *rq, struct sink *sink, struct err *err)
{
	own_subject struct subject s = {0};
	int r = subject_find(e, rq->container,
		SUBJECT_STARTED | SUBJECT_SETTLED | SUBJECT_MAY_BE_GONE | SUBJECT_UNFINISHED, &s,
		err);

	if (r < 0 && rq->force && r != -E_NOT_FOUND && r != -E_USAGE && r != -E_IN_USE) {
		const char *id = damaged_id(e, rq->container);

		return id ? remove_damaged(e, rq->container, id, sink, err) : r;
	}
	if (r < 0)
		return r;
	do {
		if (!s.gone && subject_runs(&s))
			r = kill_it(e, &s, rq, sink, err);
		if (r == 0 && !s.gone)
			r = ending_lock(e, &s, err);
		/* started again: as often as somebody does so */
	} while (r > 0);
	/* somebody else was quicker, and it is what was wanted */
	if (r == -E_NOT_FOUND && rq->force)
		s.gone = true;
	else if (r < 0)
		return r;
	/* nobody else takes away what a start that was killed has left */
	if (!s.gone && !subject_runs(&s) && network_is_left(e, s.id))
		network_plan_teardown(e, s.id, &s.docker);
	if (!s.gone)
		container_plan_remove(
			e, s.container, &s.docker, rq->volumes || s.unfinished, false);
	plan_say(&e->plan, rq->container);
	r = engine_do(e, sink, err);
	if (r == 0)
		subject_event(e, &s, sink, "destroy");
	return r;
}
