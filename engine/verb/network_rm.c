/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/verb/network.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"
#include "lib/own.h"

int verb_network_rm(
	struct engine *e, const struct network_rm_request *rq, struct sink *sink, struct err *err)
{
	static const char *const built_in[] = {"bridge", "host", "none", "default"};
	const char *name = network_find(e, rq->name, err);
	int r;

	if (!name)
		return -err->code;
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		if (strcmp(name, built_in[i]) == 0)
			return err_set(err, E_DENIED,
				"%s is a pre-defined network and cannot be removed", name);
	plan_program(&e->plan, "kist-netsetup", "rm", "--", name, NULL);
	plan_say(&e->plan, rq->name);
	r = engine_do(e, sink, err);
	if (r == 0 && !e->plan_only)
		sink_event(sink, "network", "destroy", name, name);
	return r;
}
