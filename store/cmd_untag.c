/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store untag */
#include "store/image.h"
#include "store/kist_store.h"

int cmd_untag(const struct cli_call *call, struct err *err)
{
	const struct untag_options *o = call->options;
	own_store struct store *store = NULL;
	own_arena struct arena a = {0};
	struct reference ref;
	int r = reference_parse(call->args[0], &ref, &a, err);

	if (r == 0)
		r = open_store(call, &store, err);
	return r < 0 ? r : image_untag(store, reference_canonical(&ref, &a), o->keep, err);
}
