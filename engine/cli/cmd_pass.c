/* SPDX-License-Identifier: Apache-2.0 */
/* kist pull, push, build, login and logout: whole programs of their own. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/verb/engine.h"
#include "lib/own.h"

struct no_options {
	int none;
};

static bool given(const struct cli_call *call, const char *option)
{
	size_t n = strlen(option);

	for (size_t i = 0; i < call->nargs; i++)
		if (strncmp(call->args[i], option, n) == 0 &&
			(!call->args[i][n] || call->args[i][n] == '='))
			return true;
	return false;
}

/* "image pull" is kist-pull. With progress, text is wanted where the program would write JSON. */
static int pass(const struct cli_call *call, bool progress, struct err *err)
{
	const char *space = strrchr(call->command->name, ' ');
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct step *s;
	int status;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	s = plan_program(&e->plan,
		arena_printf(&e->arena, "kist-%s", space ? space + 1 : call->command->name), NULL);
	s->flags = STEP_LAST;
	if (progress && !isatty(STDOUT_FILENO) && !given(call, "--progress"))
		step_add2(&e->plan, s, "--progress", "plain");
	for (size_t i = 0; i < call->nargs; i++)
		step_add(&e->plan, s, call->args[i]);
	status = mouth_finish(&m, engine_do(e, &m.sink, err), err);
	/* docker's: 125 for a wrong flag, 1 for all other failures */
	return status <= 1 ? status : status == 2 ? 125 : 1;
}

static int run_with_progress(const struct cli_call *call, struct err *err)
{
	return pass(call, true, err);
}

static int run_plain(const struct cli_call *call, struct err *err)
{
	return pass(call, false, err);
}

#define PASS(name_, synopsis_, help_, run_)                                                        \
	{                                                                                          \
		.name = (name_), .synopsis = (synopsis_), .help = (help_),                         \
		.options_size = sizeof(struct no_options), .max_args = -1, .flags = CLI_PASS,      \
		.run = (run_)                                                                      \
	}

const struct cli_command cmd_pull = PASS(
	"pull", "[OPTIONS] NAME[:TAG|@DIGEST]", "Pull an image from a registry", run_with_progress);
const struct cli_command cmd_push = PASS(
	"push", "[OPTIONS] NAME[:TAG]", "Push an image to a registry", run_with_progress);
const struct cli_command cmd_build = PASS(
	"build", "[OPTIONS] DIRECTORY | -", "Build an image from a Dockerfile", run_with_progress);
const struct cli_command cmd_login = PASS(
	"login", "[OPTIONS] [REGISTRY]", "Keep credentials for a registry", run_plain);
const struct cli_command cmd_logout = PASS(
	"logout", "[REGISTRY]", "Forget a registry's credentials", run_plain);
