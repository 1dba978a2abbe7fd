/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/users.h"
#include "engine/verb/verb.h"

int verb_volume_rm(
	struct engine *e, const struct volume_rm_request *rq, struct sink *sink, struct err *err)
{
	struct users users;
	const struct user *user;
	struct step *s;
	int r;

	if (volume_users_read(e, &users, NULL, err) < 0)
		return -err->code;
	user = users_find(&users, rq->name);
	if (user)
		return err_set(err, E_IN_USE, "remove %s: volume is in use - [%s]", rq->name,
			user->container);
	s = plan_program(&e->plan, "kist-store", "volume", "rm", NULL);
	if (rq->force)
		step_add(&e->plan, s, "--force");
	step_add(&e->plan, s, rq->name);
	step_about(&e->plan, s, ABOUT_VOLUME, rq->name);
	plan_say(&e->plan, rq->name);
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "volume", "destroy", rq->name, rq->name);
	return r;
}
