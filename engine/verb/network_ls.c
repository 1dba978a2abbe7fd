/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/docker/filter.h"
#include "engine/verb/network.h"
#include "engine/verb/summary.h"
#include "engine/verb/verb.h"

static bool match_type(const void *network, const char *value)
{
	return strcmp(((const struct network_summary *)network)->built_in ? "builtin" : "custom",
		       value) == 0;
}

static bool wanted(const struct filters *f, const struct network_summary *n)
{
	return filters_match(f, "name", filter_name, n->d.name) &&
		filters_match(f, "driver", filter_equal, n->d.driver) &&
		filters_match(f, "id", filter_prefix, n->id) &&
		filters_match(f, "scope", filter_equal, "local") &&
		filters_match(f, "type", match_type, n);
}

int verb_network_ls(
	struct engine *e, const struct network_ls_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {"driver", "id", "name", "scope", "type", NULL};
	struct strings names;
	struct filters f;
	struct err damaged = {0};

	if (filters_parse(&rq->filter, keys, &f, err) < 0 || network_names(e, &names, err) < 0)
		return -err->code;
	for (size_t i = 0; i < names.count; i++) {
		struct network_summary n;
		const struct result result = {.kind = RESULT_NETWORK, .network = &n};

		/* a damaged one is named, and hides no other; one that went meanwhile is none */
		if (network_summary_read(e, names.items[i], &n, err) < 0) {
			if (err->code != E_NOT_FOUND)
				damaged = *err;
			if (err->code != E_NOT_FOUND)
				sink_notice(sink, "kist: %s", err->msg);
		} else if (wanted(&f, &n) && sink_result(sink, &result, err) < 0) {
			return -err->code;
		}
	}
	return damaged.code ? 1 : 0;
}
