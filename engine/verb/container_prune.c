/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ending.h"
#include "engine/verb/prune.h"
#include "engine/verb/removal.h"
#include "engine/verb/verb.h"
#include "store/disk_usage.h"

/* One that does not run: its steps, done. Adds what it took to *freed. */
static int prune_one(struct engine *e, const struct filters *f,
	const struct container_record *record, size_t *n, int64_t *freed, struct sink *sink,
	struct err *err)
{
	own_subject struct subject s = {0};
	int64_t upper, layers;

	/* gone meanwhile, or wanted meanwhile: it stays */
	if (subject_find(e, record->id, 0, &s, err) < 0)
		return err->code == E_NOT_FOUND ? 0 : -err->code;
	if (subject_runs(&s) ||
		!prune_wanted(f, &s.docker.config.labels, s.container->record.created))
		return 0;
	if (disk_usage_container(e->store, record, &upper, &layers, err) < 0)
		return -err->code;
	if (s.state.unsettled &&
		subject_find(e, record->id, SUBJECT_SETTLED | SUBJECT_MAY_BE_GONE, &s, err) < 0)
		return -err->code;
	if (!s.gone) {
		int r = ending_lock(e, &s, err);

		/* gone, or started again */
		if (r != 0)
			return r < 0 && err->code != E_NOT_FOUND ? r : 0;
	}
	if (!s.gone)
		container_plan_remove(e, s.container, &s.docker, false, false);
	if (!(*n)++)
		plan_say(&e->plan, "Deleted Containers:");
	plan_say(&e->plan, record->id);
	*freed += upper;
	if (engine_do(e, sink, err) < 0)
		return -err->code;
	subject_event(e, &s, sink, "destroy");
	return 0;
}

int verb_container_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {"label", "label!", "until", NULL};
	struct container_records records = {0};
	struct filters f;
	int64_t freed = 0;
	size_t n = 0;
	int failed = 0, r;

	if (filters_parse(&rq->filter, keys, &f, err) < 0 ||
		(e->store && stored_container_list(e->store, &records, &e->arena, err) < 0))
		return -err->code;
	/* what is damaged is named, and hides no other */
	for (size_t i = 0; i < records.damaged.count; i++) {
		sink_notice(sink, "kist: %s", records.damaged.items[i]);
		failed = 1;
	}
	for (size_t i = 0; i < records.count; i++)
		if (prune_one(e, &f, &records.items[i], &n, &freed, sink, err) < 0) {
			sink_notice(sink, "kist: %s", err->msg);
			failed = 1;
		}
	/* what was never finished is no container that could be listed */
	plan_program(&e->plan, "kist-store", "rm", "--unfinished", NULL);
	prune_plan_total(e, freed, n > 0);
	e->reclaimed = freed;
	r = engine_do(e, sink, err);
	return r ? r : failed;
}
