/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/names.h"
#include "engine/verb/prune.h"
#include "engine/verb/users.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "store/image.h"

/* Is it to go? Returns 1, 0 or an error. */
static int consider(struct engine *e, const struct prune_request *rq, const struct filters *f,
	struct users *users, const struct image_entry *entry, struct err *err)
{
	own_arena struct arena a = {0};
	struct image image;

	if ((entry->reference && !rq->all) || users_find(users, entry->id.text))
		return 0;
	if (image_read(e->store, entry, &image, &a, err) < 0)
		return -err->code;
	return prune_wanted(f, &image.config.config.labels, entry->created ? entry->created : "");
}

/* All of them go at once: the table is written once. */
static void plan_untag(struct engine *e, const struct buf *names, const struct strings *lines)
{
	struct step *s = plan_program(
		&e->plan, "kist-store", "untag", "--force", "--names", "-", NULL);

	s->input = arena_strdup(&e->plan.arena, buf_str(names));
	plan_say(&e->plan, "Deleted Images:");
	for (size_t i = 0; i < lines->count; i++)
		plan_say(&e->plan, lines->items[i]);
	plan_say(&e->plan, "");
}

int verb_image_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {"dangling", "label", "label!", "until", NULL};
	struct image_list list = {0};
	own_buf struct buf names = {0};
	struct strings lines = {0};
	struct users users;
	struct filters f;
	struct step *gc;
	struct {
		const char *action, *id, *name;
	} * removed;
	size_t n = 0;
	int r;

	if (filters_parse(&rq->filter, keys, &f, err) < 0 || image_users_read(e, &users, err) < 0 ||
		(e->store && image_list(e->store, &list, &e->arena, err) < 0))
		return -err->code;
	removed = arena_array(&e->arena, list.count + 1, sizeof(*removed));
	for (size_t i = 0; i < list.count; i++) {
		const struct image_entry *entry = &list.items[i];
		const char *name = entry->reference ? entry->reference : entry->id.text;

		r = consider(e, rq, &f, &users, entry, err);
		if (r < 0)
			return r;
		if (r == 0)
			continue;
		buf_addf(&names, "%s\n", name);
		removed[n].action = entry->reference ? "untag" : "delete";
		removed[n].id = entry->id.text;
		removed[n].name = entry->reference ? names_familiar(name, &e->arena)
						   : entry->id.text;
		strings_add(&e->arena, &lines,
			arena_printf(&e->arena, "%s: %s", entry->reference ? "untagged" : "deleted",
				removed[n].name));
		n++;
	}
	if (lines.count)
		plan_untag(e, &names, &lines);
	gc = plan_program(&e->plan, "kist-store", "gc", "--parts", "--no-wait", NULL);
	plan_pipe(&e->plan, gc, "kist", "tell", "reclaimed", NULL)->flags = STEP_ANSWER;
	r = engine_do(e, sink, err);
	for (size_t i = 0; r == 0 && !e->plan_only && i < n; i++)
		sink_event(sink, "image", removed[i].action, removed[i].id, removed[i].name);
	return r;
}
