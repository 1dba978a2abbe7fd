/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store tag */
#include "lib/own.h"
#include "store/image.h"
#include "store/kist_store.h"

int cmd_tag(const struct cli_call *call, struct err *err)
{
	own_store struct store *store = NULL;
	own_arena struct arena a = {0};
	own_fd int lease = -1;
	struct image_tagging tag = {0};
	struct image_entry entry;
	struct reference ref;
	int r = reference_parse(call->args[1], &ref, &a, err);

	if (r == 0 && ref.digest.text[0])
		r = err_set(err, E_USAGE, "refusing to create a tag with a digest reference");
	if (r == 0)
		r = open_store(call, &store, err);
	if (r < 0)
		return r;
	lease = store_lease(store, STORE_LEASE_ADD, err);
	r = lease < 0 ? lease : image_lookup(store, call->args[0], &entry, &a, err);
	if (r == 0)
		r = digest_parse(entry.descriptor.digest, &tag.manifest, err);
	if (r < 0)
		return r;
	tag.reference = reference_canonical(&ref, &a);
	tag.media_type = entry.descriptor.media_type;
	return image_tag(store, &tag, 1, err);
}
