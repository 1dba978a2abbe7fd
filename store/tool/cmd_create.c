/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store create */
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"
#include "store/tool/cmd.h"
#include "store/unpack.h"

struct create_options {
	const char *name, *engine;
	bool no_sync, unfinished;
	struct strv volume;
};

static const struct cli_option options[] = {
	OPT_STRING(struct create_options, name, "name", 0, "NAME",
		"the container's name (the ID's first 12 digits)"),
	OPT_STRING(struct create_options, engine, "engine", 0, "FILE",
		"what else the record keeps, a JSON object (- is stdin)"),
	OPT_FLAG(struct create_options, no_sync, "no-sync", 0, "it need not survive a power cut"),
	OPT_FLAG(struct create_options, unfinished, "unfinished", 0,
		"it has its name, and is a container, from \"kist-store finish\" on"),
	OPT_LIST(struct create_options, volume, "volume", 0, "NAME",
		"an anonymous volume that will be made for it, and goes with it when it is not finished"),
};

/* The image's part of the record, with its layers unpacked. */
static int choose_image(
	struct store_session *s, const char *name, struct container_record *record, struct err *err)
{
	const struct image *image;

	if (strcmp(name, "scratch") == 0)
		return 0;
	image = store_session_image(s, name, err);
	if (!image)
		return -err->code;
	record->image = name;
	record->image_id = image->entry.id.text;
	record->layers = image->config.rootfs.diff_ids;
	return store_unpack_image(s->store, &image->manifest, &image->config, NULL, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	struct stored_container c = STORED_CONTAINER_INIT;
	own_arena struct arena a = {0};
	char created[IO_TIME_MAX];
	struct container_record record = {.id = call->args[0], .created = created};
	unsigned flags = o->no_sync ? 0 : STORED_CONTAINER_DURABLE;
	int r = 0;

	if (!s)
		return -err->code;
	if (o->unfinished)
		flags |= STORED_CONTAINER_UNFINISHED | (s->stays ? 0 : STORED_CONTAINER_UNHELD);
	io_time_now(created);
	for (size_t i = 0; i < o->volume.count; i++)
		strings_add(&a, &record.volumes, o->volume.items[i]);
	record.name = o->name ? o->name : arena_strndup(&a, record.id, 12);
	if (o->engine && tool_read_object(call, o->engine, "--engine", &record.engine, &a, err) < 0)
		return -err->code;
	if (store_session_lease(s, err) < 0)
		return -err->code;
	r = choose_image(s, call->args[1], &record, err);
	if (r == 0)
		r = stored_container_create(s->store, &record, flags, &c, err);
	store_session_drop_lease(s);
	if (r < 0)
		return r;
	store_session_keep(s, &c);
	return tool_write_line(call, s->container.path, err);
}

const struct cli_command tool_create = {
	.name = "create",
	.synopsis = "[OPTIONS] ID IMAGE",
	.help = "Make a container's directory with a snapshot of an image, and print its path",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct create_options),
	.min_args = 2,
	.max_args = 2,
	.run = run,
	.details = "ID has 64 hex digits. The image \"scratch\" is empty.",
};
