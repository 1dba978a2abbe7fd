/* SPDX-License-Identifier: Apache-2.0 */
/* kist-pull --all-tags: the tags that a repository has, one after the other. */
#ifndef KIST_PULLER_PULL_TAGS_H
#define KIST_PULLER_PULL_TAGS_H

#include "puller/pull_store.h"

/* Pull every tag of ref's repository; ends at the first that fails. Returns 0. */
int pull_all_tags(struct store *store, struct registry *registry, const struct reference *ref,
	const struct pull_store_options *options, struct progress *progress, struct err *err);

#endif
