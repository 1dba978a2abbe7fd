/* SPDX-License-Identifier: Apache-2.0 */
/* kist run and kist create */
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/run/request.h"
#include "engine/cli/stay.h"
#include "engine/verb/verb.h"

/* What both begin with: the store, and the request that the flags make. */
static int open_request(const struct cli_call *call, struct mouth *m, int failed_status,
	struct create_request *request, struct err *err)
{
	if (mouth_open(m, call, err) < 0)
		return -err->code;
	m->engine.plan.failed_status = failed_status;
	if (run_request(call->options, call->args, call->nargs, request, &m->engine.arena, err) < 0)
		return -err->code;
	request->pulled = ((const struct mouth_options *)call->global)->pulled;
	return 0;
}

int create_command(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct create_request request;
	struct create_result result;

	if (open_request(call, &m, 1, &request, err) < 0)
		return -err->code;
	return mouth_finish(&m, verb_create(&m.engine, &request, &result, &m.sink, err), err);
}

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

int run_command(const struct cli_call *call, struct err *err)
{
	const struct run_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct create_request request;
	struct terminal_stay stay;

	if (open_request(call, &m, 125, &request, err) < 0)
		return -err->code;
	set_console_size(&request, &m.engine.arena);
	stay_init(&stay, !o->no_sig_proxy);
	stay.stay.detach_keys = o->detach_keys;
	return mouth_finish(&m,
		verb_run(&m.engine, &request, o->detach ? NULL : &stay.stay, &m.sink, err), err);
}
