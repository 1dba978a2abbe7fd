/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/base.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "spec/progress_line.h"
#include "store/image.h"
#include "store/unpack.h"

#define PROGRESS_FD 3

/* What kist-pull tells: its progress is passed on, its end is not ours. */
struct pulling {
	struct build *build;
	struct err failed;
};

static int take_line(void *arg, const char *text, size_t len, struct err *err)
{
	struct pulling *p = arg;
	own_arena struct arena a = {0};
	struct progress_line line;

	/* what is no such line is of a newer program: it is left out */
	if (progress_line_read(text, len, &line, &a, err) < 0)
		return 0;
	if (line.status == PROGRESS_FAILED)
		progress_line_error(&line, &p->failed);
	else if (line.status != PROGRESS_RESULT && line.status != PROGRESS_PULLED)
		report_line(&p->build->report, &line);
	return 0;
}

static int pull(struct build *b, const char *reference, struct err *err)
{
	const char *const argv[] = {"kist-pull", "--root", b->place.root, "--run", b->place.run,
		"--progress-fd", "3", "--", reference, NULL};
	struct spawn sp = {.argv = argv, .flags = SPAWN_DIE_WITH_PARENT};
	struct pulling p = {.build = b};
	own_fd int out = -1, in = -1;
	struct child child;
	struct err unread;
	int fds[2], status, r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	out = fds[0];
	in = fds[1];
	spawn_pass(&sp, -1, 0);
	spawn_pass(&sp, -1, 1);
	spawn_pass(&sp, in, PROGRESS_FD);
	if (spawn_start(&sp, &child, err) < 0)
		return -err->code;
	own_fd_release(&in);
	in = -1;
	r = io_each_line(out, JSON_LINE_MAX, take_line, &p, &unread);
	own_fd_release(&out); /* after a failure kist-pull gets EPIPE, and ends */
	out = -1;
	if (child_wait(&child, &status, err) < 0)
		return -err->code;
	if (!status && r == 0)
		return 0;
	if (!p.failed.code && r < 0)
		p.failed = unread;
	if (!p.failed.code)
		err_set(&p.failed, E_CHILD, "kist-pull failed with status %d", status);
	*err = p.failed;
	return err_wrap(err, "failed to resolve source metadata for %s", reference);
}

/*
 * A whole image ID, with or without "sha256:", which no reference can be: an image of this machine.
 * NULL: a name. The beginning of an ID is a name as any other, which somebody may publish.
 */
static const char *whole_id(const char *text, struct arena *a)
{
	const char *id = strchr(text, ':') ? text : arena_printf(a, DIGEST_PREFIX "%s", text);

	return digest_valid(id) ? id : NULL;
}

/* Find the image, pulled when it is missing or --pull says so, with all its layers unpacked. */
static int open_image(struct build *b, const char *text, struct image *image, struct err *err)
{
	const char *id = whole_id(text, &b->arena), *name = id;
	struct reference ref;
	int r = -E_NOT_FOUND;

	if (!id && reference_parse(text, &ref, &b->arena, err) < 0)
		return err_wrap(err, "failed to parse stage name \"%s\"", text);
	if (!id)
		name = reference_canonical(&ref, &b->arena);
	if (id || !b->options->pull)
		r = image_find(b->store, name, image, &b->arena, err);
	if (r == -E_NOT_FOUND && !id) {
		if (pull(b, name, err) < 0)
			return -err->code;
		r = image_find(b->store, name, image, &b->arena, err);
	}
	if (r < 0)
		return r;
	return store_unpack_image(b->store, &image->manifest, &image->config, NULL, err);
}

/* The OCI name of a layer's media type: our manifests are OCI's throughout. */
static const char *layer_media_type(const char *media_type)
{
	return strcmp(media_type, MEDIA_TYPE_DOCKER_LAYER) == 0 ? MEDIA_TYPE_LAYER_GZIP
								: media_type;
}

static int take_layers(struct stage *s, const struct image *image, struct err *err)
{
	const struct strings *ids = &image->config.rootfs.diff_ids;

	if (ids->count != image->manifest.layers.count)
		return err_set(err, E_SYNTAX,
			"'%s' has %zu layers in its manifest, but %zu diff_ids in its config",
			s->base, image->manifest.layers.count, ids->count);
	s->layers.items = arena_array(&s->build->arena, ids->count, sizeof(*s->layers.items));
	for (size_t i = 0; i < ids->count; i++) {
		struct stage_layer *layer = &s->layers.items[i];

		layer->diff_id = ids->items[i];
		layer->blob = image->manifest.layers.items[i];
		layer->blob.media_type = layer_media_type(layer->blob.media_type);
	}
	s->layers.count = ids->count;
	return 0;
}

static int begin_image(struct stage *s, const char *text, struct err *err)
{
	struct image image;

	if (open_image(s->build, text, &image, err) < 0)
		return -err->code;
	s->config = image.config;
	return take_layers(s, &image, err);
}

int base_begin(struct stage *s, struct err *err)
{
	struct build *b = s->build;
	int r;

	stage_begin_step(s, stage_text(s, "FROM %s", s->base));
	r = begin_image(s, s->base, err);
	if (r < 0)
		report_error(&b->report, err);
	else
		report_done(&b->report);
	return r;
}

struct stage *base_open_image(struct build *b, const char *reference, struct err *err)
{
	struct stage *s = arena_alloc(&b->arena, sizeof(*s));

	s->build = b;
	s->base = reference;
	s->built = true;
	return begin_image(s, reference, err) < 0 ? NULL : s;
}
