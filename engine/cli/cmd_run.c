/* SPDX-License-Identifier: Apache-2.0 */
/* kist run */
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/run/flags.h"
#include "engine/cli/run/request.h"
#include "engine/cli/stay.h"
#include "engine/verb/verb.h"

/* What is drawn at once should fit the terminal on which it is seen. */
static void set_console_size(struct create_request *rq, struct arena *a)
{
	struct winsize size;
	uint32_t *items;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return;
	items = arena_array(a, 2, sizeof(*items));
	items[0] = size.ws_row;
	items[1] = size.ws_col;
	rq->body.host.console_size = (struct uint32_list){items, 2};
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct run_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct create_request request;
	struct terminal_stay stay;

	if (run_request_open(call, &m, 125, &request, err) < 0)
		return -err->code;
	set_console_size(&request, &m.engine.arena);
	stay_init(&stay, !o->no_sig_proxy);
	stay.stay.detach_keys = o->detach_keys;
	return mouth_finish(&m,
		verb_run(&m.engine, &request, o->detach ? NULL : &stay.stay, &m.sink, err), err);
}

const struct cli_command cmd_run = {
	.name = "run",
	.help = "Make a container from an image and start it",
	.run = run,
	RUN_ROW(run_flags, RUN_FLAGS),
};
