/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store create */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "store/container.h"
#include "store/image.h"
#include "store/kist_store.h"
#include "store/unpack.h"

/* The image's part of the record, with its layers unpacked. */
static int choose_image(struct store *store, const char *name, struct container_record *record,
	struct arena *a, struct err *err)
{
	struct image image;
	int r;

	if (strcmp(name, "scratch") == 0)
		return 0;
	r = image_find(store, name, &image, a, err);
	if (r == 0)
		r = store_unpack_image(store, &image.manifest, &image.config, NULL, err);
	if (r < 0)
		return r;
	record->image = name;
	record->image_id = arena_strdup(a, image.entry.id.text);
	record->layers = image.config.rootfs.diff_ids;
	return 0;
}

static int read_engine(
	const char *path, struct container_record *record, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	int r;

	if (!path)
		return 0;
	r = strcmp(path, "-") == 0
		? io_read_fd(STDIN_FILENO, JSON_DOCUMENT_MAX, "stdin", &text, err)
		: io_read_file(AT_FDCWD, path, JSON_DOCUMENT_MAX, &text, err);
	if (r < 0)
		return r;
	record->engine = json_parse(a, buf_str(&text), text.len, JSON_DOCUMENT_MAX, err);
	if (!record->engine)
		return err_wrap(err, "--engine");
	return record->engine->type == JSON_OBJECT
		? 0
		: err_set(err, E_SYNTAX, "--engine: expected a JSON object");
}

int cmd_create(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	own_store struct store *store = NULL;
	own_container struct container c = CONTAINER_INIT;
	own_arena struct arena a = {0};
	own_fd int lease = -1;
	char created[IO_TIME_MAX];
	const char *line;
	struct container_record record = {.id = call->args[0], .created = created};
	int r = open_store(call, &store, err);

	if (r < 0)
		return r;
	io_time_now(created);
	record.name = o->name ? o->name : arena_strndup(&a, record.id, 12);
	r = read_engine(o->engine, &record, &a, err);
	if (r < 0)
		return r;
	lease = store_lease(store, STORE_LEASE_ADD, err);
	if (lease < 0)
		return lease;
	r = choose_image(store, call->args[1], &record, &a, err);
	if (r == 0)
		r = container_create(store, &record, CONTAINER_DURABLE, &c, err);
	if (r < 0)
		return r;
	line = arena_printf(&a, "%s\n", c.path);
	r = io_write_full(STDOUT_FILENO, line, strlen(line));
	return r < 0 ? err_set(err, -r, "cannot write to standard output: %s", strerror(-r)) : 0;
}
