/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/prune.h"

#include <stdio.h>

const struct cli_option prune_option_table[PRUNE_OPTIONS_COUNT] = {
	OPT_FLAG(struct prune_options, all, "all", 'a', "not only what has no name"),
	OPT_LIST(struct prune_options, filter, "filter", 0, "KEY=VALUE", "only those, until=24h"),
	OPT_FLAG(struct prune_options, force, "force", 'f', "do not ask"),
	OPT_FLAG(struct prune_options, volumes, "volumes", 0, "anonymous volumes, too"),
};

static bool confirmed(const char *what)
{
	char answer[16];

	printf("WARNING! This will remove %s.\nAre you sure you want to continue? [y/N] ", what);
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin))
		return false;
	return answer[0] == 'y' || answer[0] == 'Y';
}

int prune_run(const struct cli_call *call,
	int (*verb)(struct engine *e, const struct prune_request *rq, struct sink *sink,
		struct err *err),
	const char *what, struct err *err)
{
	const struct prune_options *o = call->options;
	const struct prune_request rq = {.all = o->all, .filter = o->filter};
	own_mouth struct mouth m = {0};

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	if (!o->force && !m.plan && !confirmed(what))
		return 0;
	return mouth_finish(&m, verb(&m.engine, &rq, &m.sink, err), err);
}
