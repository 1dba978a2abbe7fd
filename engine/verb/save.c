/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/verb.h"
#include "store/image.h"

int verb_save(struct engine *e, const struct save_request *rq, struct sink *sink, struct err *err)
{
	struct step *s;

	/* docker says which one is missing before it writes the first byte */
	for (size_t i = 0; i < rq->images.count && e->store; i++) {
		struct image_entry entry;

		if (image_lookup(e->store, rq->images.items[i], &entry, &e->arena, err) < 0)
			return sentence_for(ABOUT_IMAGE, rq->images.items[i], err);
	}
	s = plan_program(&e->plan, "kist-store", "save", NULL);
	if (rq->file)
		step_add2(&e->plan, s, "-o", rq->file);
	for (size_t i = 0; i < rq->images.count; i++)
		step_add(&e->plan, s, rq->images.items[i]);
	return engine_do(e, sink, err);
}
