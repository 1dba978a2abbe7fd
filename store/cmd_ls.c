/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store ls */
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "store/image.h"
#include "store/kist_store.h"

static void add_line(const struct image_entry *e, struct arena *a, struct buf *out)
{
	struct json *o = json_new_object(a);

	if (e->reference)
		json_set_string(a, o, "reference", e->reference);
	else
		json_set(a, o, "reference", json_new_null(a));
	json_set_string(a, o, "digest", e->descriptor.digest);
	json_set_string(a, o, "id", e->id.text);
	json_set_int(a, o, "size", e->size);
	if (e->unpacked_size)
		json_set_int(a, o, "unpacked_size", e->unpacked_size);
	json_set_string(a, o, "created", e->created);
	if (e->repo_name)
		json_set_string(a, o, "repo_digest",
			arena_printf(a, "%s@%s", e->repo_name, e->repo_digest));
	json_write(o, JSON_COMPACT, out);
	buf_addc(out, '\n');
}

int cmd_ls(const struct cli_call *call, struct err *err)
{
	own_store struct store *store = NULL;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct image_list list;
	int r = open_store(call, &store, err);

	if (r == 0)
		r = image_list(store, &list, &a, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < list.count; i++)
		add_line(&list.items[i], &a, &out);
	r = io_write_full(STDOUT_FILENO, buf_str(&out), out.len);
	return r < 0 ? err_set(err, -r, "cannot write to standard output: %s", strerror(-r)) : 0;
}
