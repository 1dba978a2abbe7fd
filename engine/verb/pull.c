/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/verb.h"

int verb_pull(struct engine *e, const struct pull_request *rq, struct sink *sink, struct err *err)
{
	struct pass_request pass = {.program = "kist-pull", .tell = ABOUT_PULL, .secret = rq->auth};
	struct strings *words = &pass.words;

	if (rq->all_tags)
		strings_add(&e->arena, words, "--all-tags");
	if (rq->platform) {
		strings_add(&e->arena, words, "--platform");
		strings_add(&e->arena, words, rq->platform);
	}
	if (rq->auth) {
		strings_add(&e->arena, words, "--authfile");
		strings_add(&e->arena, words, "/proc/self/fd/4");
	}
	strings_add(&e->arena, words, "--");
	strings_add(&e->arena, words, rq->reference);
	return verb_pass(e, &pass, sink, err);
}
