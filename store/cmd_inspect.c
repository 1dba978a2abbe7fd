/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store inspect */
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "store/image.h"
#include "store/kist_store.h"

int cmd_inspect(const struct cli_call *call, struct err *err)
{
	own_store struct store *store = NULL;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct image image;
	struct json *o;
	int r = open_store(call, &store, err);

	if (r == 0)
		r = image_find(store, call->args[0], &image, &a, err);
	if (r < 0)
		return r;
	o = json_new_object(&a);
	if (image.entry.reference)
		json_set_string(&a, o, "reference", image.entry.reference);
	else
		json_set(&a, o, "reference", json_new_null(&a));
	json_set(&a, o, "descriptor",
		schema_encode(&descriptor_schema, &image.entry.descriptor, &a));
	json_set(&a, o, "manifest", json_copy(&a, image.manifest_json));
	json_set(&a, o, "config", json_copy(&a, image.config_json));
	json_write(o, JSON_PRETTY, &out);
	buf_addc(&out, '\n');
	r = io_write_full(STDOUT_FILENO, out.data, out.len);
	return r < 0 ? err_set(err, -r, "cannot write to standard output: %s", strerror(-r)) : 0;
}
