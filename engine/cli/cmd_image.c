/* SPDX-License-Identifier: Apache-2.0 */
/* kist tag, rmi, load, save and image prune */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/cli/cmd.h"
#include "engine/cli/mouth.h"
#include "engine/cli/prune.h"
#include "engine/docker/names.h"
#include "engine/verb/prune.h"
#include "engine/verb/state.h"
#include "lib/own.h"
#include "store/archive.h"
#include "store/gc.h"
#include "store/image.h"

struct no_options {
	int none;
};

/* ---- tag ---- */

struct tagging {
	struct engine *engine;
	const char *image, *name;
};

static int tag_image(void *arg, struct err *err)
{
	struct tagging *t = arg;
	struct arena *a = &t->engine->arena;
	struct image_tagging tagging = {0};
	struct image_entry entry;
	struct reference ref;

	if (reference_parse(t->name, &ref, a, err) < 0 ||
		image_lookup(t->engine->store, t->image, &entry, a, err) < 0 ||
		digest_parse(entry.descriptor.digest, &tagging.manifest, err) < 0)
		return -err->code;
	if (ref.digest.text[0])
		return err_set(err, E_USAGE, "refusing to create a tag with a digest reference");
	tagging.reference = reference_canonical(&ref, a);
	tagging.media_type = entry.descriptor.media_type;
	return image_tag(t->engine->store, &tagging, 1, err);
}

static int run_tag(const struct cli_call *call, struct err *err)
{
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct tagging t = {e, call->args[0], call->args[1]};
	struct step *s;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	s = plan_program(&e->plan, "kist-store", "tag", t.image, t.name, NULL);
	s->call = tag_image;
	s->arg = &t;
	return mouth_finish(&m, engine_do(e, &m.sink, err), err);
}

const struct cli_command cmd_tag = {
	.name = "tag",
	.synopsis = "IMAGE[:TAG] NAME[:TAG]",
	.help = "Give an image another name",
	.options_size = sizeof(struct no_options),
	.min_args = 2,
	.max_args = 2,
	.run = run_tag,
};

/* ---- rmi ---- */

struct rmi_options {
	bool force, no_prune;
};

/* All names of an image, canonical. */
static int names_of(
	struct engine *e, const struct digest *id, struct strings *names, struct err *err)
{
	struct image_list list;

	if (image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	*names = (struct strings){0};
	for (size_t i = 0; i < list.count; i++)
		if (digest_equal(&list.items[i].id, id) && list.items[i].reference)
			strings_add(&e->arena, names, list.items[i].reference);
	return 0;
}

/* Which container has the image? NULL: none. A running one is found first. */
static int find_user(struct engine *e, const struct digest *id, const char **user, bool *running,
	struct err *err)
{
	struct container_records records;

	*user = NULL;
	*running = false;
	if (stored_container_list(e->store, &records, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count && !*running; i++) {
		struct container_state state;

		if (!records.items[i].image_id || strcmp(records.items[i].image_id, id->text) != 0)
			continue;
		if (container_state_read(e, &records.items[i], &state, err) < 0)
			continue; /* it went while we looked */
		*running = state.status == STATUS_RUNNING || state.status == STATUS_PAUSED;
		*user = records.items[i].id;
	}
	return 0;
}

/* Was the image named by its ID, or a part of it, and not by a reference? */
static bool by_id(const char *text, const struct image_entry *entry)
{
	const char *hex = strncmp(text, DIGEST_PREFIX, DIGEST_PREFIX_LEN) == 0
		? text + DIGEST_PREFIX_LEN
		: text;

	return strncmp(entry->id.text + DIGEST_PREFIX_LEN, hex, strlen(hex)) == 0;
}

static int check_use(struct engine *e, const struct rmi_options *o, const char *text,
	const struct image_entry *entry, size_t names, struct err *err)
{
	const char *short_id = entry->id.text + DIGEST_PREFIX_LEN;
	bool id = by_id(text, entry), running;
	const char *user;

	if (id && names > 1 && !o->force)
		return err_set(err, E_IN_USE,
			"conflict: unable to delete %.12s (must be forced) - image is referenced in "
			"multiple repositories",
			short_id);
	/* one name of several: the image stays */
	if (!id && names > 1)
		return 0;
	if (find_user(e, &entry->id, &user, &running, err) < 0)
		return -err->code;
	if (user && running && (id || o->force))
		return err_set(err, E_IN_USE,
			"conflict: unable to delete %.12s (cannot be forced) - image is being used by "
			"running container %.12s",
			short_id, user);
	if (user && !o->force && id)
		return err_set(err, E_IN_USE,
			"conflict: unable to delete %.12s (must be forced) - image is being used by "
			"stopped container %.12s",
			short_id, user);
	if (user && !o->force)
		return err_set(err, E_IN_USE,
			"conflict: unable to remove repository reference \"%s\" (must force) - "
			"container %.12s is using its referenced image %.12s",
			text, user, short_id);
	return 0;
}

static int untag(struct engine *e, const struct strings *names, struct err *err)
{
	for (size_t i = 0; i < names->count; i++) {
		if (image_untag(e->store, names->items[i], false, err) < 0)
			return -err->code;
		printf("Untagged: %s\n", names_familiar(names->items[i], &e->arena));
	}
	return 0;
}

struct removal {
	struct engine *engine;
	const struct rmi_options *options;
	const char *text;
};

static int remove_image(void *arg, struct err *err)
{
	struct removal *r = arg;
	struct engine *e = r->engine;
	struct strings names, one = {0};
	struct image_entry entry;

	if (image_lookup(e->store, r->text, &entry, &e->arena, err) < 0 ||
		names_of(e, &entry.id, &names, err) < 0 ||
		check_use(e, r->options, r->text, &entry, names.count, err) < 0)
		return -err->code;
	if (!by_id(r->text, &entry) && names.count > 1) {
		strings_add(&e->arena, &one, entry.reference);
		return untag(e, &one, err);
	}
	if (untag(e, &names, err) < 0)
		return -err->code;
	if (!names.count && image_remove(e->store, &entry.id, err) < 0)
		return -err->code;
	printf("Deleted: %s\n", entry.id.text);
	return 0;
}

/* What nothing needs any more. What another process adds meanwhile is left to the next time. */
static int collect(void *arg, struct err *err)
{
	struct engine *e = arg;
	struct gc_result result = {0};
	int r = store_gc(e->store, false, &result, err);

	gc_result_release(&result);
	return r < 0 ? r : 0;
}

static int run_rmi(const struct cli_call *call, struct err *err)
{
	const struct rmi_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	int status = 0;
	struct step *s;

	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	for (size_t i = 0; i < call->nargs; i++) {
		struct removal *r = arena_alloc(&e->plan.arena, sizeof(*r));

		*r = (struct removal){e, o, call->args[i]};
		s = plan_program(&e->plan, "kist-store", "untag", call->args[i], NULL);
		s->call = remove_image;
		s->arg = r;
		if (engine_do(e, &m.sink, err) >= 0)
			continue;
		if (err->code == E_NOT_FOUND && o->force) {
			int ignored;

			mouth_complain(&m, err, &ignored);
		} else {
			mouth_complain(&m, err, &status);
		}
	}
	if (!o->no_prune) {
		s = plan_program(&e->plan, "kist-store", "gc", NULL);
		s->flags = STEP_QUIET;
		s->call = collect;
		s->arg = e;
	}
	return mouth_finish(&m, engine_do(e, &m.sink, err), err) < 0 ? -err->code : status;
}

static const struct cli_option rmi_options[] = {
	{.name = "force",
		.letter = 'f',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct rmi_options, force),
		.help = "also when a stopped container or another name has it"},
	{.name = "no-prune",
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct rmi_options, no_prune),
		.help = "leave blobs and layers for a later gc"},
};

const struct cli_command cmd_rmi = {
	.name = "rmi",
	.synopsis = "[OPTIONS] IMAGE [IMAGE...]",
	.help = "Remove images",
	.options = rmi_options,
	.noptions = ARRAY_LEN(rmi_options),
	.options_size = sizeof(struct rmi_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_rmi,
};

/* ---- load and save ---- */

struct archive_options {
	const char *file, *platform;
	bool quiet;
};

struct loading {
	struct engine *engine;
	const struct archive_options *options;
};

static int load(void *arg, struct err *err)
{
	struct loading *l = arg;
	struct archive_images images;
	own_fd int file = -1;

	if (l->options->file) {
		file = open(l->options->file, O_RDONLY | O_CLOEXEC);
		if (file < 0)
			return err_errno(err, "open %s", l->options->file);
	}
	if (archive_load(l->engine->store, file >= 0 ? file : STDIN_FILENO, &images,
		    &l->engine->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < images.count; i++) {
		const struct archive_image *image = &images.items[i];

		if (image->reference)
			printf("Loaded image: %s\n",
				names_familiar(image->reference, &l->engine->arena));
		else
			printf("Loaded image ID: %s\n", image->id.text);
	}
	return 0;
}

static int run_load(const struct cli_call *call, struct err *err)
{
	const struct archive_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct loading l = {e, o};
	struct step *s;

	if (!o->file && isatty(STDIN_FILENO))
		return err_set(err, EINVAL, "requested load from stdin, but stdin is empty");
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	s = plan_program(&e->plan, "kist-store", "load", NULL);
	if (o->file)
		step_add2(&e->plan, s, "-i", o->file);
	s->call = load;
	s->arg = &l;
	return mouth_finish(&m, engine_do(e, &m.sink, err), err);
}

static int run_save(const struct cli_call *call, struct err *err)
{
	const struct archive_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	struct step *s;

	if (!o->file && isatty(STDOUT_FILENO))
		return err_set(err, EINVAL,
			"cowardly refusing to save to a terminal. Use the -o flag or redirect");
	if (mouth_open(&m, call, err) < 0)
		return -err->code;
	/* docker says which one is missing before it writes the first byte */
	for (size_t i = 0; i < call->nargs && e->store; i++) {
		struct image_entry entry;

		if (image_lookup(e->store, call->args[i], &entry, &e->arena, err) < 0)
			return -err->code;
	}
	s = plan_program(&e->plan, "kist-store", "save", NULL);
	if (o->file)
		step_add2(&e->plan, s, "-o", o->file);
	for (size_t i = 0; i < call->nargs; i++)
		step_add(&e->plan, s, call->args[i]);
	return mouth_finish(&m, engine_do(e, &m.sink, err), err);
}

static const struct cli_option load_options[] = {
	{.name = "input",
		.letter = 'i',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct archive_options, file),
		.arg = "FILE",
		.help = "instead of stdin"},
	{.name = "quiet",
		.letter = 'q',
		.kind = CLI_FLAG,
		.offset = CLI_FIELD(struct archive_options, quiet),
		.help = "no progress: there is none"},
};

const struct cli_command cmd_load = {
	.name = "load",
	.synopsis = "[OPTIONS]",
	.help = "Load images from a tar archive, of an OCI layout or of docker save",
	.options = load_options,
	.noptions = ARRAY_LEN(load_options),
	.options_size = sizeof(struct archive_options),
	.run = run_load,
};

static const struct cli_option save_options[] = {
	{.name = "output",
		.letter = 'o',
		.kind = CLI_STRING,
		.offset = CLI_FIELD(struct archive_options, file),
		.arg = "FILE",
		.help = "instead of stdout"},
};

const struct cli_command cmd_save = {
	.name = "save",
	.synopsis = "[OPTIONS] IMAGE [IMAGE...]",
	.help = "Save images as a tar archive of an OCI layout",
	.options = save_options,
	.noptions = ARRAY_LEN(save_options),
	.options_size = sizeof(struct archive_options),
	.min_args = 1,
	.max_args = -1,
	.run = run_save,
};

/* ---- image prune ---- */

static int prune_images(struct mouth *m, const struct prune_options *o, struct err *err)
{
	static const char *const keys[] = {"dangling", "label", "label!", "until", NULL};
	struct engine *e = &m->engine;
	struct image_list list;
	struct filters f;
	struct gc_result result = {0};
	size_t n = 0;
	int r;

	if (filters_parse(&o->filter, keys, &f, err) < 0 ||
		image_list(e->store, &list, &e->arena, err) < 0)
		return -err->code;
	for (size_t i = 0; i < list.count; i++) {
		const struct image_entry *entry = &list.items[i];
		struct image image;
		const char *user;
		bool running;

		if (entry->reference && !o->all)
			continue;
		if (find_user(e, &entry->id, &user, &running, err) < 0 ||
			image_read(e->store, entry, &image, &e->arena, err) < 0)
			return -err->code;
		if (user ||
			!prune_wanted(&f, &image.config.config.labels,
				entry->created ? entry->created : ""))
			continue;
		r = entry->reference ? image_untag(e->store, entry->reference, false, err)
				     : image_remove(e->store, &entry->id, err);
		if (r < 0)
			return r;
		printf("%s%s: %s\n", n++ ? "" : "Deleted Images:\n",
			entry->reference ? "untagged" : "deleted",
			entry->reference ? names_familiar(entry->reference, &e->arena)
					 : entry->id.text);
	}
	r = store_gc(e->store, true, &result, err);
	if (r >= 0)
		prune_total((int64_t)result.bytes, n > 0);
	gc_result_release(&result);
	return r < 0 ? r : 0;
}

static int run_prune(const struct cli_call *call, struct err *err)
{
	const struct prune_options *o = call->options;

	return prune_run(call, prune_images,
		o->all ? "all images without at least one container associated to them"
		       : "all dangling images",
		err);
}

const struct cli_command cmd_image_prune = PRUNE_COMMAND(
	"image prune", "Remove images that have no name", run_prune);
