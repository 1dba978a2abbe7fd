/* SPDX-License-Identifier: Apache-2.0 */
/* kist container prune */
#include <stdio.h>

#include "engine/cli/cmd.h"
#include "engine/cli/prune.h"
#include "engine/docker/filter.h"
#include "engine/verb/prune.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "store/disk_usage.h"

static int prune_containers(struct mouth *m, const struct prune_options *o, struct err *err)
{
	static const char *const keys[] = {"label", "label!", "until", NULL};
	struct engine *e = &m->engine;
	struct sink silent = {0};
	struct container_records records;
	struct filters f;
	int64_t freed = 0;
	size_t n = 0;

	if (filters_parse(&o->filter, keys, &f, err) < 0 ||
		stored_container_list(e->store, &records, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		const struct rm_request rq = {.container = records.items[i].id};
		own_subject struct subject s = {0};
		int64_t upper, layers;

		if (subject_find(e, records.items[i].id, 0, &s, err) < 0)
			continue; /* gone meanwhile */
		if (subject_runs(&s) ||
			!prune_wanted(&f, &s.docker.config.labels, s.container->record.created))
			continue;
		disk_usage_container(e->store, &records.items[i], &upper, &layers);
		if (verb_rm(e, &rq, &silent, err) < 0)
			return -err->code;
		printf("%s%s\n", n++ ? "" : "Deleted Containers:\n", records.items[i].id);
		freed += upper;
	}
	prune_total(freed, n > 0);
	return 0;
}

static int run_prune(const struct cli_call *call, struct err *err)
{
	return prune_run(call, prune_containers, "all stopped containers", err);
}

const struct cli_command cmd_container_prune = PRUNE_COMMAND(
	"container prune", "Remove all containers that do not run", run_prune);
