/* SPDX-License-Identifier: Apache-2.0 */
/* kist run and kist create */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/verb/creation.h"
#include "engine/verb/start.h"
#include "lib/own.h"

/* What both begin with: the request, the image, the steps that make the container. */
static int plan_creation(const struct cli_call *call, struct engine *e,
	struct create_request *request, struct creation *c, struct err *err)
{
	bool run = strcmp(call->command->name + strlen(call->command->name) - 3, "run") == 0;

	if (engine_open(call, e, err) < 0)
		return -err->code;
	e->plan.failed_status = run ? 125 : 1;
	if (run_options_request(call->options, call->args, call->nargs, request, &e->arena, err) <
		0)
		return -err->code;
	if (creation_find_image(c, e, request, true, err) < 0)
		return -err->code;
	return creation_plan(c, e, request, err);
}

int create_command(const struct cli_call *call, struct err *err)
{
	own_engine struct engine e = {0};
	own_creation struct creation c = CREATION_INIT;
	struct create_request request;
	int r = plan_creation(call, &e, &request, &c, err);

	if (r == 0) {
		plan_shell(&e.plan, arena_printf(&e.arena, "echo %s", c.id));
		r = engine_finish(&e, err);
	}
	if (r == 0 && !e.options->plan)
		printf("%s\n", c.id);
	return r;
}

static void describe_start(struct start *s, struct creation *c, const struct run_options *o)
{
	const struct docker_config *config = &c->docker.config;

	*s = (struct start){
		.engine = c->engine,
		.id = c->id,
		.docker = &c->docker,
		.container = &c->container,
		.mount = &c->mount,
		.attach = !o->detach,
		.use_stdin = config->open_stdin && config->attach_stdin,
		.use_stdout = config->attach_stdout,
		.use_stderr = config->attach_stderr,
		.no_sig_proxy = o->no_sig_proxy,
	};
}

int run_command(const struct cli_call *call, struct err *err)
{
	const struct run_options *o = call->options;
	own_engine struct engine e = {0};
	own_creation struct creation c = CREATION_INIT;
	struct create_request request;
	struct start start;
	int r;

	if (o->tty && o->interactive && !o->detach && !isatty(STDIN_FILENO))
		return err_set(err, EINVAL, "the input device is not a TTY");
	r = plan_creation(call, &e, &request, &c, err);
	if (r < 0)
		return r;
	if (!request.host.auto_remove)
		plan_keep(&e.plan);
	/* the id is said as soon as there is a container, also when it does not start */
	if (o->detach) {
		plan_shell(&e.plan, arena_printf(&e.arena, "echo %s", c.id));
		r = engine_do(&e, err);
		if (r == 0 && !e.options->plan)
			printf("%s\n", c.id);
		fflush(stdout);
	}
	if (r < 0)
		return r;
	describe_start(&start, &c, o);
	container_plan_start(&start);
	return engine_finish(&e, err);
}
