/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_step.h"

#include <string.h>

#include "builder/build.h"
#include "builder/commit.h"
#include "lib/io.h"
#include "lib/own.h"

void step_begin(struct build_step *st, struct stage *s, const struct instruction *in)
{
	st->stage = s;
	st->text = in->original;
	stage_begin_step(s, in->original);
}

static void tell(struct build_step *st, bool cached)
{
	struct stage *s = st->stage;

	report_step(&s->build->report, s->step, s->steps, st->text, cached);
}

int step_cached(struct build_step *st, const struct cache_entry *e, struct err *err)
{
	struct stage *s = st->stage;

	tell(st, true);
	if (e->diff_id && commit_existing(s, e->diff_id, err) < 0)
		return -err->code;
	stage_add_history(s, e->created, st->created_by, !e->diff_id);
	report_cached(&s->build->report);
	return 0;
}

void step_executing(struct build_step *st)
{
	tell(st, false);
}

const char *step_time(const struct stage *s)
{
	char text[IO_TIME_MAX];

	if (s->build->has_epoch)
		io_time_format(s->build->epoch.tv_sec, s->build->epoch.tv_nsec, text);
	else
		io_time_now(text);
	return stage_text(s, "%s", text);
}

int step_made(struct build_step *st, struct root *root, const struct cache_key *keys, size_t nkeys,
	struct err *err)
{
	struct stage *s = st->stage;
	struct cache_entry e = {.created = step_time(s)};

	if (root &&
		(root_unmount(root, err) < 0 || commit_upper(s, root->dir, &e.diff_id, err) < 0))
		return -err->code;
	for (size_t i = 0; i < nkeys; i++)
		if (cache_add(s->build, &keys[i], &e, err) < 0)
			return -err->code;
	stage_add_history(s, e.created, st->created_by, !root);
	report_done(&s->build->report);
	return 0;
}

int step_failed(struct build_step *st, struct err *err)
{
	report_error(&st->stage->build->report, err);
	return -err->code;
}
