/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/run/request.h"

#include <string.h>

static int parse_pull(const char *text, enum pull_policy *pull, struct err *err)
{
	if (!text || strcmp(text, "missing") == 0)
		*pull = PULL_MISSING;
	else if (strcmp(text, "always") == 0)
		*pull = PULL_ALWAYS;
	else if (strcmp(text, "never") == 0)
		*pull = PULL_NEVER;
	else
		return err_set(err, E_USAGE,
			"invalid pull option: '%s': must be one of \"always\", \"missing\" or \"never\"",
			text);
	return 0;
}

static int fill_request(const struct run_options *o, char *const *words, size_t nwords,
	struct create_request *rq, struct arena *a, struct err *err)
{
	*rq = (struct create_request){
		.name = o->name, .platform = o->platform, .quiet = o->quiet, .cidfile = o->cidfile};
	if (parse_pull(o->pull, &rq->pull, err) < 0)
		return -err->code;
	return run_body(o, words, nwords, &rq->body, a, err);
}

int run_request_open(const struct cli_call *call, struct mouth *m, int failed_status,
	struct create_request *request, struct err *err)
{
	if (mouth_open(m, call, err) < 0)
		return -err->code;
	m->engine.plan.failed_status = failed_status;
	if (fill_request(call->options, call->args, call->nargs, request, &m->engine.arena, err) <
		0)
		return -err->code;
	request->pulled = ((const struct mouth_options *)call->global)->pulled;
	return 0;
}
