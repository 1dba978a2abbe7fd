/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/subject.h"

#include <errno.h>
#include <string.h>

#include "engine/verb/removal.h"
#include "lib/own.h"

void subject_release(struct subject *s)
{
	if (s->session)
		store_session_close_container(s->session);
	*s = (struct subject){0};
}

static int not_found(const struct subject *s, struct err *err)
{
	err->code = E_NOT_FOUND;
	return sentence_for(ABOUT_CONTAINER, s->name, err);
}

int subject_lock(struct engine *e, struct subject *s, struct err *err)
{
	for (;;) {
		int r = stored_container_lock(s->container, 0, err);

		if (r < 0)
			return r == -E_NOT_FOUND || r == -ENOENT ? not_found(s, err) : r;
		/* whoever had the lock may have changed everything */
		s->unfinished = !stored_container_finished(e->store, &s->container->record);
		r = container_state_read(e, &s->container->record, &s->state, err);
		if (r < 0 || s->state.monitor || !stored_container_running(e->store, s->id))
			return r;
		/* its exit command needs the lock: let it come to its end first */
		stored_container_unlock(s->container);
		if (stored_container_wait(e->store, s->id, -1, err) < 0)
			return -err->code;
	}
}

/*
 * What a killed monitor has left is ended and tidied up, as it would have done. The steps are done
 * at once: the verb goes on with what is there then. Returns 0, or 1 when, because of --rm, nothing
 * is.
 */
static int settle(struct engine *e, struct subject *s, struct err *err)
{
	struct sink silent = {0};
	int r;

	/* while we waited for nobody, somebody may have been quicker */
	if (subject_lock(e, s, err) < 0)
		return -err->code;
	r = 0;
	if (s->state.unsettled) {
		container_plan_settle(e, s->container, &s->docker);
		r = engine_do(e, &silent, err);
		s->gone = r >= 0 && s->docker.host_config.auto_remove;
	}
	if (r < 0)
		return err_wrap(err, "container %.12s, whose monitor was killed", s->id);
	if (s->gone)
		return 1;
	if (e->plan_only)
		s->state.unsettled = false; /* so it will be */
	else
		r = container_state_read(e, &s->container->record, &s->state, err);
	stored_container_unlock(s->container);
	return r < 0 ? r : 0;
}

int subject_find(
	struct engine *e, const char *name, unsigned flags, struct subject *s, struct err *err)
{
	int r;

	*s = (struct subject){.name = name};
	if (!e->store)
		return not_found(s, err);
	s->session = &e->session;
	s->container = &e->session.container;
	store_session_close_container(s->session);
	if (store_session_container(s->session, name, 0, err) < 0)
		return sentence_for(ABOUT_CONTAINER, name, err);
	if (container_state_read(e, &s->container->record, &s->state, err) < 0 ||
		container_docker(&s->container->record, &s->docker, &s->container->arena, err) < 0)
		return -err->code;
	s->unfinished = !stored_container_finished(e->store, &s->container->record);
	if (s->unfinished && !(flags & SUBJECT_UNFINISHED))
		return not_found(s, err);
	s->id = arena_strdup(&e->arena, s->container->id);
	s->full_name = arena_strdup(&e->arena, s->container->record.name);
	if (e->plan_only && !plan_has_variables(&e->plan)) {
		plan_variable(&e->plan, "id", s->id);
		plan_variable(&e->plan, "dir", s->container->path);
		plan_variable(&e->plan, "run", engine_run_path(e, "containers/%s", s->id));
	}
	if ((flags & SUBJECT_SETTLED) && s->state.unsettled) {
		r = settle(e, s, err);
		if (r < 0 || (r > 0 && (flags & SUBJECT_MAY_BE_GONE)))
			return r < 0 ? r : 0;
		if (r > 0)
			return not_found(s, err);
	}
	if (!(flags & (STORED_CONTAINER_LOCK | SUBJECT_STARTED)))
		return 0;
	r = subject_lock(e, s, err);
	if (!(flags & STORED_CONTAINER_LOCK))
		stored_container_unlock(s->container);
	return r;
}

int subject_name_taken(struct engine *e, const char *name, const char *id, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	struct err none;

	if (!e->store || stored_container_find(e->store, name, 0, &c, &none) < 0 ||
		strcmp(c.record.name, name) != 0 || (id && strcmp(c.id, id) == 0))
		return -err->code;
	return sentence_name_taken(name, c.id, err);
}

bool subject_runs(const struct subject *s)
{
	return s->state.status == STATUS_RUNNING || s->state.status == STATUS_PAUSED;
}

int subject_check_running(const struct subject *s, struct err *err)
{
	if (subject_runs(s))
		return 0;
	return err_set(err, E_NOT_RUNNING, "container %s is not running", s->id);
}

int subject_blame(struct engine *e, struct subject *s, int r, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	struct err why;

	if (r != -E_CHILD || e->plan_only)
		return r;
	if (stored_container_find(e->store, s->id, 0, &c, &why) < 0)
		return why.code == E_NOT_FOUND ? not_found(s, err) : r;
	if (container_state_read(e, &c.record, &s->state, &why) < 0)
		return r;
	/* its process may have gone before its monitor has told */
	if (subject_runs(s) && container_pid(e, &c, &s->docker, &why) != -E_NOT_RUNNING)
		return r;
	s->state.status = subject_runs(s) ? STATUS_EXITED : s->state.status;
	return subject_check_running(s, err);
}

void subject_event(
	const struct engine *e, const struct subject *s, struct sink *sink, const char *action)
{
	if (!e->plan_only)
		sink_event(sink, "container", action, s->id, s->full_name);
}
