/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/subject.h"

#include <errno.h>

#include "lib/own.h"

void subject_release(struct subject *s)
{
	stored_container_release(&s->container);
	own_fd_release(&s->mount);
}

int subject_lock(struct engine *e, struct subject *s, struct err *err)
{
	for (;;) {
		int r = stored_container_lock(&s->container, 0, err);

		if (r < 0)
			return err->code == ENOENT
				? err_set(err, E_NOT_FOUND, "No such container: %s", s->name)
				: r;
		/* whoever had the lock may have changed everything */
		r = container_state_read(e, &s->container.record, &s->state, err);
		if (r < 0 || s->state.monitor || !container_ending(e, s->container.id, false))
			return r;
		/* its exit command needs the lock: let it come to its end first */
		stored_container_unlock(&s->container);
		container_ending(e, s->container.id, true);
	}
}

int subject_find(
	struct engine *e, const char *name, unsigned flags, struct subject *s, struct err *err)
{
	int r;

	*s = (struct subject){.name = name, .container = STORED_CONTAINER_INIT, .mount = -1};
	if (!e->store)
		return err_set(err, E_NOT_FOUND, "No such container: %s", name);
	/* its state first: to end one whose monitor was killed takes the lock that we want */
	r = container_look_up(e, name, &s->container, &s->docker, &s->state, err);
	if (r == 0 && e->plan_only && !plan_has_variables(&e->plan)) {
		plan_variable(&e->plan, "id", s->container.id);
		plan_variable(&e->plan, "dir", s->container.path);
		plan_variable(
			&e->plan, "run", engine_run_path(e, "containers/%s", s->container.id));
	}
	if (r < 0 || !(flags & (STORED_CONTAINER_LOCK | SUBJECT_STARTED)))
		return r;
	r = subject_lock(e, s, err);
	if (!(flags & STORED_CONTAINER_LOCK))
		stored_container_unlock(&s->container);
	return r;
}

bool subject_runs(const struct subject *s)
{
	return s->state.status == STATUS_RUNNING || s->state.status == STATUS_PAUSED;
}

int subject_check_running(const struct subject *s, struct err *err)
{
	if (subject_runs(s))
		return 0;
	return err_set(err, E_NOT_RUNNING, "container %s is not running", s->container.id);
}
