/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store load */
#include <fcntl.h>
#include <unistd.h>

#include "lib/json.h"
#include "lib/own.h"
#include "store/archive.h"
#include "store/kist_store.h"

static int print_image(const struct archive_image *image, struct arena *a, struct err *err)
{
	struct json *o = json_new_object(a);

	if (image->reference)
		json_set_string(a, o, "reference", image->reference);
	else
		json_set(a, o, "reference", json_new_null(a));
	json_set_string(a, o, "digest", image->manifest.text);
	json_set_string(a, o, "id", image->id.text);
	return json_write_line(STDOUT_FILENO, o, err);
}

int cmd_load(const struct cli_call *call, struct err *err)
{
	const struct load_options *o = call->options;
	own_store struct store *store = NULL;
	own_arena struct arena a = {0};
	own_fd int file = o->input ? open(o->input, O_RDONLY | O_CLOEXEC) : -1;
	struct archive_images images;
	int r;

	if (o->input && file < 0)
		return err_errno(err, "cannot open '%s'", o->input);
	if (!o->input && isatty(STDIN_FILENO))
		return err_set(err, E_USAGE,
			"requested load from stdin, but stdin is empty: give a file with -i, or "
			"redirect one");
	r = open_store(call, &store, err);
	if (r == 0)
		r = archive_load(store, o->input ? file : STDIN_FILENO, &images, &a, err);
	for (size_t i = 0; r == 0 && i < images.count; i++)
		r = print_image(&images.items[i], &a, err);
	return r;
}
