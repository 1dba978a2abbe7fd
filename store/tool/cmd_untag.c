/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store untag */
#include <string.h>

#include "lib/own.h"
#include "store/image_table.h"
#include "store/tool/cmd.h"

struct untag_options {
	bool keep, force;
	const char *names;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct untag_options, force, "force", 0, "what is not there is no error"),
	OPT_FLAG(struct untag_options, keep, "keep", 0,
		"keep the image without a name when this was its last one"),
	OPT_STRING(struct untag_options, names, "names", 0, "FILE|-",
		"more of them, one a line: all go at once"),
};

/* Did the text find the image by its ID, or the front of that? */
static bool is_id(const char *text, const struct image_entry *entry)
{
	const char *hex = strncmp(text, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0
		? text + DIGEST_PREFIX_LEN
		: text;

	return strncmp(digest_hex(&entry->id), hex, strlen(hex)) == 0;
}

static void add_id(struct image_removal *what, const struct digest *id, struct arena *a)
{
	/* doubles at powers of two */
	if ((what->nids & (what->nids - 1)) == 0) {
		struct digest *more = arena_array(
			a, what->nids ? what->nids * 2 : 1, sizeof(*more));

		for (size_t i = 0; i < what->nids; i++)
			more[i] = what->ids[i];
		what->ids = more;
	}
	((struct digest *)what->ids)[what->nids++] = *id;
}

static void add_name(struct image_removal *what, const struct reference *ref, struct arena *a)
{
	strings_add(a, &what->references, reference_canonical(ref, a));
}

/* A name, an ID, or a part of one. */
static int add_found(struct store *store, const struct untag_options *o, const char *text,
	struct image_removal *what, struct arena *a, struct err *err)
{
	struct image_entry entry;
	struct reference ref;
	bool name = reference_parse(text, &ref, a, err) == 0;

	if (image_lookup(store, text, &entry, a, &(struct err){0}) < 0 || !is_id(text, &entry) ||
		(name && entry.reference &&
			strcmp(entry.reference, reference_canonical(&ref, a)) == 0)) {
		if (!name)
			return -err->code;
		add_name(what, &ref, a);
		return 0;
	}
	if (o->keep)
		return err_set(
			err, E_USAGE, "'%s' is an image ID: --keep is for one of its names", text);
	add_id(what, &entry.id, a);
	return 0;
}

/* Of a list each is a name or a whole ID: nothing is looked up. */
static int add_list(const struct cli_call *call, const char *path, struct image_removal *what,
	struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};

	if (tool_read(call, path, IMAGE_TABLE_MAX, &text, err) < 0)
		return -err->code;
	for (const char *at = buf_str(&text); *at;) {
		size_t n = strcspn(at, "\n");
		const char *line = arena_strndup(a, at, n);
		struct reference ref;
		struct digest id;

		at += n + (at[n] == '\n');
		if (digest_parse(line, &id, err) == 0)
			add_id(what, &id, a);
		else if (reference_parse(line, &ref, a, err) == 0)
			add_name(what, &ref, a);
		else
			return err_wrap(err, "--names");
	}
	return 0;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct untag_options *o = call->options;
	struct store_session *s = tool_session(call, err);
	own_arena struct arena a = {0};
	struct image_removal what = {.keep_untagged = o->keep, .missing_ok = o->force};

	if (!s)
		return -err->code;
	if (!call->nargs && !o->names)
		return err_set(err, E_USAGE, "no image is named");
	for (size_t i = 0; i < call->nargs; i++)
		if (add_found(s->store, o, call->args[i], &what, &a, err) < 0)
			return -err->code;
	if (o->names && add_list(call, o->names, &what, &a, err) < 0)
		return -err->code;
	store_session_forget_image(s);
	return image_untag(s->store, &what, err);
}

const struct cli_command tool_untag = {
	.name = "untag",
	.synopsis = "[OPTIONS] [NAME|ID...]",
	.help = "Remove names of images, or images with all their names",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct untag_options),
	.max_args = -1,
	.run = run,
};
