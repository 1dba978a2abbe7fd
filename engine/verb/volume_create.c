/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/verb/verb.h"

int verb_volume_create(struct engine *e, const struct volume_create_request *rq, struct sink *sink,
	struct err *err)
{
	const char *name = rq->name ? rq->name : "";
	struct step *s;
	int r;

	if (rq->driver && strcmp(rq->driver, "local") != 0)
		return err_set(err, E_UNSUPPORTED,
			"create %s: error looking up volume plugin %s: plugin \"%s\" not found",
			name, rq->driver, rq->driver);
	if (rq->options.count)
		return err_set(err, E_UNSUPPORTED, "volume create: kist has no --opt: %s",
			rq->options.items[0]);
	s = plan_program(&e->plan, "kist-store", "volume", "create", NULL);
	for (size_t i = 0; i < rq->labels.count; i++)
		step_add2(&e->plan, s, "--label", rq->labels.items[i]);
	if (rq->name)
		step_add(&e->plan, s, rq->name);
	s->flags = STEP_ANSWER;
	step_about(&e->plan, s, ABOUT_VOLUME, name);
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "volume", "create", name, name);
	return r;
}
