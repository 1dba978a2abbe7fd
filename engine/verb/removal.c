/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/removal.h"

#include <string.h>

#include "engine/verb/network.h"
#include "engine/verb/users.h"

void container_plan_ended(struct engine *e, const struct stored_container *c,
	const struct docker_container *docker, bool held)
{
	network_plan_teardown(e, c->id, docker);
	if (docker->host_config.auto_remove)
		container_plan_remove(e, c, docker, true, held);
}

void container_plan_settle(
	struct engine *e, const struct stored_container *c, const struct docker_container *docker)
{
	struct step *end = plan_program(&e->plan, docker->host_config.runtime, "--root",
		engine_run_path(e, "runtime"), "delete", "--force", c->id, NULL);

	end->flags = STEP_MAY_FAIL;
	end->comment = "its monitor was killed: what is left is ended and tidied up";
	plan_program(&e->plan, "kist-store", "settle", c->id, NULL);
	container_plan_ended(e, c, docker, false);
}

/* One that another container has as well (--volumes-from) stays, as docker's does. */
static bool has_another(struct users *u, const char *volume, const char *id)
{
	const struct user *at = users_find(u, volume);

	for (; at && at < u->items + u->count && strcmp(at->thing, volume) == 0; at++)
		if (strcmp(at->container, id) != 0)
			return true;
	return false;
}

static void plan_volumes(struct engine *e, const char *id, const struct docker_container *docker)
{
	struct users users;
	struct err err;
	bool known = false;

	for (size_t i = 0; i < docker->mounts.count; i++) {
		const struct docker_mount *m = &docker->mounts.items[i];

		if (!m->anonymous)
			continue;
		if (!known && volume_users_read(e, &users, NULL, &err) < 0) {
			plan_notice(&e->plan, "kist: anonymous volumes are left: %s", err.msg);
			return;
		}
		known = true;
		/* one that was removed by hand before is no matter */
		if (!has_another(&users, m->name, id))
			plan_program(
				&e->plan, "kist-store", "volume", "rm", "--force", m->name, NULL);
	}
}

void container_plan_remove(struct engine *e, const struct stored_container *c,
	const struct docker_container *docker, bool volumes, bool held)
{
	struct step *s = plan_program(&e->plan, "kist-store", "forget-run", NULL);

	if (held)
		step_add(&e->plan, s, "--force");
	step_add(&e->plan, s, c->id);
	if (volumes)
		plan_volumes(e, c->id, docker);
	/* last, so that what is not done yet can be done by whoever tries again */
	step_about(&e->plan, plan_program(&e->plan, "kist-store", "rm", c->id, NULL),
		ABOUT_CONTAINER, c->id);
}
