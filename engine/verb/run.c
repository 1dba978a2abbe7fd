/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "engine/verb/creation.h"
#include "engine/verb/starting.h"
#include "engine/verb/verb.h"

/* The id is said as soon as there is a container, also when it does not start. */
static int say_id(struct engine *e, struct creation *c, struct sink *sink, struct err *err)
{
	int r;

	plan_say(&e->plan, c->id);
	r = creation_do(c, sink, err);
	return r == 0 ? sink_flush(sink, err) : r;
}

int verb_run(struct engine *e, const struct create_request *rq, struct stay *stay,
	struct sink *sink, struct err *err)
{
	struct creation c = {0};
	const struct docker_config *config = &c.docker.config;
	struct starting start = {.engine = e, .id = c.id, .docker = &c.docker, .stay = stay};
	int r;

	if (stay && rq->body.config.tty && rq->body.config.open_stdin && !stay->terminal)
		return err_set(err, EINVAL, "the input device is not a TTY");
	r = creation_find_image(&c, e, rq, true, sink, err);
	if (r == 0 && c.image)
		r = creation_plan(&c, e, rq, err);
	if (r < 0 || !c.image)
		return r;
	if (!rq->body.host.auto_remove)
		plan_keep(&e->plan);
	if (stay) {
		stay->use_stdin = config->open_stdin && config->attach_stdin;
		stay->use_stdout = config->attach_stdout;
		stay->use_stderr = config->attach_stderr;
	} else if (say_id(e, &c, sink, err) < 0) {
		return -err->code;
	}
	container_plan_start(&start);
	r = creation_do(&c, sink, err);
	if (r >= 0 && !e->plan_only)
		sink_event(sink, "container", "start", c.id, c.name);
	return r;
}
