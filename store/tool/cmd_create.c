/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store create */
#include <fcntl.h>
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"
#include "store/tool/cmd.h"
#include "store/unpack.h"

struct create_options {
	const char *name, *engine;
	bool no_sync;
};

static const struct cli_option options[] = {
	{.name = "name",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct create_options, name),
		.arg = "NAME",
		.help = "the container's name (the ID's first 12 digits)"},
	{.name = "engine",
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct create_options, engine),
		.arg = "FILE",
		.help = "what else the record keeps, a JSON object (- is stdin)"},
	{.name = "no-sync",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct create_options, no_sync),
		.help = "it need not survive a power cut"},
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

static int read_engine(const struct cli_call *call, struct container_record *record,
	struct arena *a, struct err *err)
{
	const struct create_options *o = call->options;
	own_buf struct buf text = {0};
	int r;

	if (!o->engine)
		return 0;
	r = strcmp(o->engine, "-") == 0
		? io_read_fd(tool_io(call)->in, JSON_DOCUMENT_MAX, "stdin", &text, err)
		: io_read_file(AT_FDCWD, o->engine, JSON_DOCUMENT_MAX, &text, err);
	if (r < 0)
		return r;
	record->engine = json_parse(a, buf_str(&text), text.len, JSON_DOCUMENT_MAX, err);
	if (!record->engine)
		return err_wrap(err, "--engine");
	return record->engine->type == JSON_OBJECT
		? 0
		: err_set(err, E_SYNTAX, "--engine: expected a JSON object");
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct create_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	struct stored_container c = STORED_CONTAINER_INIT;
	own_arena struct arena a = {0};
	char created[IO_TIME_MAX];
	struct container_record record = {.id = call->args[0], .created = created};
	int r = 0;

	if (!s)
		return -err->code;
	io_time_now(created);
	record.name = o->name ? o->name : arena_strndup(&a, record.id, 12);
	if (read_engine(call, &record, &a, err) < 0 || store_session_lease(s, err) < 0)
		return -err->code;
	r = choose_image(s, call->args[1], &record, err);
	if (r == 0)
		r = stored_container_create(
			s->store, &record, o->no_sync ? 0 : STORED_CONTAINER_DURABLE, &c, err);
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
