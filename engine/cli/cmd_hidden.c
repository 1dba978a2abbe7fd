/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs that only kist itself and the scripts of --plan call. */
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/progress_view.h"
#include "engine/verb/tool.h"
#include "engine/verb/verb.h"

/* The monitor's exit command: the container has ended, and its exit record is written. */
static int run_exited(const struct cli_call *call, struct err *err)
{
	const struct container_request rq = {call->args[0]};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_exited(&m.engine, &rq, &m.sink, err), err);
}

static int run_tool(const struct cli_call *call, struct err *err)
{
	static const struct tool_io io = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
	const char *const argv[] = {"kist", call->command->name, call->args[0], NULL};

	return engine_tool(&io, argv, NULL, err);
}

/* A pull or a push is shown while it works, on a terminal with bars: that is the mouth's. */
static int run_tell(const struct cli_call *call, struct err *err)
{
	const char *what = call->args[0];

	if (strcmp(what, "pulled") == 0)
		return progress_view_run(ABOUT_PULL, STDIN_FILENO, STDOUT_FILENO, err);
	if (strcmp(what, "pushed") == 0)
		return progress_view_run(ABOUT_PUSH, STDIN_FILENO, STDOUT_FILENO, err);
	return run_tool(call, err);
}

#define HIDDEN(name_, synopsis_, help_, nargs_, run_)                                              \
	{                                                                                          \
		.name = (name_), .synopsis = (synopsis_), .help = (help_), .min_args = (nargs_),   \
		.max_args = (nargs_), .flags = CLI_HIDDEN, .run = (run_)                           \
	}

const struct cli_command cmd_container_exited = HIDDEN(
	"container-exited", "CONTAINER", "Tidy up after a container that has ended", 1, run_exited);
const struct cli_command cmd_hello_image = HIDDEN(
	"hello-image", "", "Write the embedded image as a tar", 0, run_tool);
const struct cli_command cmd_tell = HIDDEN("tell", "id | loaded | pulled | pushed | reclaimed",
	"Say a small tool's JSON lines in docker's words", 1, run_tell);
const struct cli_command cmd_exec_failed = HIDDEN(
	"exec-failed", "LOG", "Say why a runtime could not start a command", 1, run_tool);
