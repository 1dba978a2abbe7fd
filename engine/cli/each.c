/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/each.h"

#include <errno.h>
#include <stdio.h>

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
	if (r == 0 && e->options->plan && !e->plan.nvariables) {
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

static int do_one(const struct cli_call *call, struct engine *e, const char *name, unsigned flags,
	each_verb *verb, struct err *err)
{
	own_subject struct subject s = SUBJECT_INIT;
	int r = subject_find(e, name, flags, &s, err);

	if (r == 0)
		r = verb(e, &s, call->options, err);
	return r < 0 ? r : engine_do(e, err);
}

int each_container(const struct cli_call *call, struct engine *e, unsigned flags, each_verb *verb,
	bool quiet, struct err *err)
{
	int status = 0;

	if (engine_open(call, e, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		if (do_one(call, e, call->args[i], flags, verb, err) < 0)
			engine_complain(err, &status);
		else if (!quiet && !e->options->plan)
			printf("%s\n", call->args[i]);
	}
	if (e->options->plan && engine_finish(e, err) < 0)
		return -err->code;
	return status;
}
