/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/pass.h"

#include <string.h>
#include <unistd.h>

#include "engine/cli/mouth.h"
#include "engine/verb/verb.h"

static bool given(const struct cli_call *call, const char *option)
{
	size_t n = strlen(option);

	for (size_t i = 0; i < call->nargs; i++)
		if (strncmp(call->args[i], option, n) == 0 &&
			(!call->args[i][n] || call->args[i][n] == '='))
			return true;
	return false;
}

/*
 * "image pull" is kist-pull. text: where it would write JSON lines; tell: its progress is shown.
 * Not when the user has said what it is to be.
 */
static int pass(const struct cli_call *call, bool text, enum subject_kind tell, struct err *err)
{
	const char *space = strrchr(call->command->name, ' ');
	const char *name = space ? space + 1 : call->command->name;
	own_mouth struct mouth m = {0};
	struct pass_request rq = {0};
	struct arena *a = &m.engine.arena;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	rq.program = arena_printf(a, "kist-%s", name);
	if (!given(call, "--progress") && !given(call, "--progress-fd"))
		rq.tell = tell;
	if (text && !isatty(STDOUT_FILENO) && !given(call, "--progress")) {
		strings_add(a, &rq.words, "--progress");
		strings_add(a, &rq.words, "plain");
	}
	for (size_t i = 0; i < call->nargs; i++)
		strings_add(a, &rq.words, call->args[i]);
	return mouth_finish(&m, verb_pass(&m.engine, &rq, &m.sink, err), err);
}

int pass_text(const struct cli_call *call, struct err *err)
{
	return pass(call, true, ABOUT_NOTHING, err);
}

int pass_pull(const struct cli_call *call, struct err *err)
{
	return pass(call, false, ABOUT_PULL, err);
}

int pass_push(const struct cli_call *call, struct err *err)
{
	return pass(call, false, ABOUT_PUSH, err);
}

int pass_plain(const struct cli_call *call, struct err *err)
{
	return pass(call, false, ABOUT_NOTHING, err);
}
