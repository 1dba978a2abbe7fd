/* SPDX-License-Identifier: Apache-2.0 */
/* Inside store/: a set of digests, filled first and asked after. */
#ifndef KIST_STORE_DIGEST_SET_H
#define KIST_STORE_DIGEST_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "spec/digest.h"

struct digest_set {
	struct digest *items;
	size_t count, cap;
	bool sorted;
};

void digest_set_release(struct digest_set *set);
void digest_set_add(struct digest_set *set, const struct digest *digest);

/* By the 64 hex digits. */
bool digest_set_has(struct digest_set *set, const char *hex);

#endif
