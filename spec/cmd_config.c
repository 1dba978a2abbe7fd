/* SPDX-License-Identifier: Apache-2.0 */
/* kist-spec config: a bundle's config.json from an image config and options. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"
#include "spec/config_flags.h"
#include "spec/kist_spec.h"
#include "spec/store_lines.h"
#include "spec/user_files.h"

static int read_document(
	const struct spec_session *s, const char *path, struct buf *text, struct err *err)
{
	if (strcmp(path, "-") == 0)
		return io_read_fd(s->in, JSON_DOCUMENT_MAX, "stdin", text, err);
	return io_read_file(AT_FDCWD, path, JSON_DOCUMENT_MAX, text, err);
}

static int read_image_file(const struct spec_session *s, const char *path, struct image_config *c,
	struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};

	if (read_document(s, path, &text, err) < 0)
		return -err->code;
	if (image_config_parse(buf_str(&text), text.len, c, a, err) < 0)
		return err_wrap(err, "%s", path);
	return 0;
}

static int ask_store(
	const char *reference, struct image_config *c, struct arena *a, struct err *err)
{
	const char *const argv[] = {"kist-store", "inspect", reference, NULL};
	struct spawn sp = {.argv = argv};
	own_buf struct buf text = {0};
	struct image_document answer;

	if (spawn_capture(&sp, 2 * JSON_DOCUMENT_MAX, &text, err) < 0)
		return err_wrap(err, "cannot inspect image '%s'", reference);
	if (schema_decode_text(&image_document_schema, buf_str(&text), text.len,
		    2 * JSON_DOCUMENT_MAX, &answer, a, err) < 0)
		return err_wrap(err, "kist-store inspect");
	return image_config_decode(answer.config, c, a, err);
}

/* *image lives in the arena, or is the session's. */
static int read_image(const struct spec_session *s, const struct config_flags *f,
	const struct image_config **image, struct arena *a, struct err *err)
{
	struct image_config *c;

	*image = NULL;
	if (f->image && f->image_config)
		return err_set(err, E_USAGE, "--image and --image-config exclude each other");
	if (!f->image && !f->image_config)
		return 0;
	if (f->image && s->image)
		return s->image(s->image_arg, f->image, image, err);
	*image = c = arena_alloc(a, sizeof(*c));
	return f->image ? ask_store(f->image, c, a, err)
			: read_image_file(s, f->image_config, c, a, err);
}

/* The base that the flags change: --options, or docker's defaults. */
static int read_options(const struct spec_session *s, const struct config_flags *f,
	struct config_options *o, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};

	memset(o, 0, sizeof(*o));
	if (!f->options)
		return 0;
	if (read_document(s, f->options, &text, err) < 0)
		return -err->code;
	if (schema_decode_text(&config_options_schema, buf_str(&text), text.len, JSON_DOCUMENT_MAX,
		    o, a, err) < 0)
		return err_wrap(err, "--options");
	return 0;
}

/* By the files of the root file system. */
static int look_up_in_root(const struct spec_session *s, const char *rootfs, const char *what,
	const struct strings *groups, struct user *user, struct arena *a, struct err *err)
{
	own_fd int opened = s->root < 0 ? open(rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	int root = s->root < 0 ? opened : s->root;
	int r;

	if (root < 0)
		return err_errno(err, "cannot open the root file system '%s'", rootfs);
	r = user_lookup_in(root, what, user, a, err);
	return r < 0 ? r : user_add_groups_in(root, groups, user, a, err);
}

/* Without files, by numbers alone; options that are given have the user's already. */
static int look_up_numbers(const char *what, const struct config_options *given,
	const struct strings *groups, struct user *user, struct arena *a, struct err *err)
{
	static const struct user_files none;
	int r = 0;

	if (given)
		*user = (struct user){
			given->user.uid, given->user.gid, given->user.additional_gids, given->home};
	else
		r = user_lookup(&none, what, user, a, err);
	if (r == 0)
		r = user_add_groups(&none, groups, user, a, err);
	if (r == -E_NOT_FOUND)
		return err_wrap(err, "without --rootfs users and groups are given by numbers");
	return r;
}

/*
 * Numbers for the user that --user, or else the image, names. Options may have given them, where
 * there is no root file system to look them up in.
 */
static int resolve_user(const struct spec_session *s, const struct config_flags *f,
	const struct image_config *image, struct config_options *o, struct arena *a,
	struct err *err)
{
	const char *what = f->user ? f->user : image ? image->config.user : NULL;
	struct strings groups = {(const char **)f->group_add.items, f->group_add.count};
	const struct config_options *given = f->options && !f->user ? o : NULL;
	struct user user;
	int r = f->rootfs ? look_up_in_root(s, f->rootfs, what, &groups, &user, a, err)
			  : look_up_numbers(what, given, &groups, &user, a, err);

	if (r < 0)
		return r;
	o->user.uid = user.uid;
	o->user.gid = user.gid;
	o->user.additional_gids = user.additional_gids;
	o->home = user.home;
	return 0;
}

static int run_config(const struct cli_call *call, struct err *err)
{
	static const struct strings no_shell;
	const struct spec_session *s = spec_session_of(call);
	const struct config_flags *f = call->options;
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	const struct image_config *image;
	struct config_options o;
	struct runtime_config config;
	int r;

	if (read_image(s, f, &image, &a, err) < 0 || read_options(s, f, &o, &a, err) < 0 ||
		config_flags_apply(
			f, call->args, image ? &image->config.shell : &no_shell, &o, &a, err) < 0 ||
		resolve_user(s, f, image, &o, &a, err) < 0)
		return -err->code;
	config_host(&o);
	if (config_make(image, &o, &config, &a, err) < 0)
		return -err->code;
	runtime_config_encode(&config, f->compact ? JSON_COMPACT : JSON_PRETTY, &out);
	buf_addc(&out, '\n');
	r = io_write_full(s->out, out.data, out.len);
	errno = -r;
	return r < 0 ? err_errno(err, "cannot write config.json") : 0;
}

const struct cli_command spec_config_command = {
	.name = "config",
	.synopsis = "[OPTIONS] [COMMAND [ARG...]] > config.json",
	.help = "Make a bundle's config.json as docker would for a container of an image",
	.options = config_flags_table,
	.noptions = CONFIG_FLAGS_COUNT,
	.options_size = sizeof(struct config_flags),
	.max_args = -1,
	.options_first = true,
	.run = run_config,
	.details =
		"The image's config comes from the store (--image) or from a file (--image-config). "
		"--options is the JSON form of all there is to wish for, see spec/config_make.h; the "
		"flags are applied on top of it. User and group names are looked up in etc/passwd and "
		"etc/group beneath --rootfs; without it, users are numbers.",
};
