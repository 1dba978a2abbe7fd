/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/names.h"
#include "engine/verb/image_user.h"
#include "engine/verb/prune.h"
#include "engine/verb/verb.h"
#include "lib/own.h"
#include "store/image.h"

/* Is it to go? Returns 1, 0 or an error. */
static int consider(struct engine *e, const struct prune_request *rq, const struct filters *f,
	const struct image_entry *entry, struct err *err)
{
	struct image image;
	const char *user;
	bool running;

	if (entry->reference && !rq->all)
		return 0;
	if (image_user(e, &entry->id, &user, &running, err) < 0 ||
		image_read(e->store, entry, &image, &e->arena, err) < 0)
		return -err->code;
	return !user &&
		prune_wanted(f, &image.config.config.labels, entry->created ? entry->created : "");
}

int verb_image_prune(
	struct engine *e, const struct prune_request *rq, struct sink *sink, struct err *err)
{
	static const char *const keys[] = {"dangling", "label", "label!", "until", NULL};
	struct image_list list = {0};
	struct filters f;
	struct step *gc;
	size_t n = 0;

	if (filters_parse(&rq->filter, keys, &f, err) < 0 ||
		(e->store && image_list(e->store, &list, &e->arena, err) < 0))
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct image_entry *entry = &list.items[i];
		const char *name = entry->reference ? entry->reference : entry->id.text;
		int r = consider(e, rq, &f, entry, err);

		if (r < 0)
			return r;
		if (r == 0)
			continue;
		plan_program(&e->plan, "kist-store", "untag", name, NULL);
		if (!n++)
			plan_say(&e->plan, "Deleted Images:");
		plan_say(&e->plan,
			arena_printf(&e->arena, "%s: %s", entry->reference ? "untagged" : "deleted",
				entry->reference ? names_familiar(name, &e->arena) : name));
	}
	if (n)
		plan_say(&e->plan, "");
	gc = plan_program(&e->plan, "kist-store", "gc", "--parts", "--no-wait", NULL);
	plan_pipe(&e->plan, gc, "kist", "tell", "reclaimed", NULL)->flags = STEP_ANSWER;
	return engine_do(e, sink, err);
}
