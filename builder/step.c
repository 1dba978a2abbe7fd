/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/step.h"

#include <string.h>

#include "builder/commit.h"
#include "lib/io.h"
#include "lib/own.h"

void step_begin(struct step *st, struct stage *s, const struct instruction *in)
{
	st->stage = s;
	st->text = in->original;
	stage_begin_step(s, in->original);
}

static void tell(struct step *st, bool cached)
{
	struct stage *s = st->stage;

	progress_step(&s->build->progress, s->step, s->steps, st->text, cached);
}

int step_cached(struct step *st, const struct cache_entry *e, struct err *err)
{
	struct stage *s = st->stage;

	tell(st, true);
	if (e->diff_id && commit_existing(s, e->diff_id, err) < 0)
		return -err->code;
	stage_add_history(s, e->created, st->created_by, !e->diff_id);
	progress_cached(&s->build->progress);
	return 0;
}

void step_executing(struct step *st)
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

int step_made(struct step *st, struct root *root, const struct cache_key *keys, size_t nkeys,
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
	progress_done(&s->build->progress);
	return 0;
}

int step_failed(struct step *st, struct err *err)
{
	progress_error(&st->stage->build->progress, err);
	return -err->code;
}
