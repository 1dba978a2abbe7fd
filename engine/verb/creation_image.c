/* SPDX-License-Identifier: Apache-2.0 */
/* The image of a container that is to be made: found, pulled, or the embedded one. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/verb/creation.h"
#include "engine/verb/hello.h"
#include "lib/own.h"
#include "store/archive.h"

bool creation_is_hello(struct engine *e, const char *text)
{
	struct reference ref;

	return reference_parse(text, &ref, &e->arena, &(struct err){0}) == 0 &&
		!ref.digest.text[0] &&
		strcmp(reference_familiar(&ref, &e->arena), "hello-world:latest") == 0;
}

static int load_hello(void *arg, struct err *err)
{
	struct engine *e = arg;
	struct archive_images loaded;
	own_fd int fd = hello_image_open(err);

	return fd < 0 ? fd : archive_load(e->store, fd, &loaded, &e->arena, err);
}

static void plan_hello(struct engine *e)
{
	struct step *s = plan_program(&e->plan, "kist", "hello-image", NULL);

	s->comment = "the image that is built into kist";
	s->call = load_hello;
	s->arg = e;
	plan_pipe(&e->plan, s, "kist-store", "load", NULL)->flags = STEP_QUIET;
}

static void plan_pull(struct engine *e, const struct create_request *r)
{
	struct step *s = plan_program(&e->plan, "kist-pull", NULL);

	if (r->platform)
		step_add2(&e->plan, s, "--platform", r->platform);
	if (r->quiet) {
		step_add(&e->plan, s, "--quiet");
		s->flags = STEP_QUIET;
	} else if (!e->terminal) {
		step_add2(&e->plan, s, "--progress", "plain");
		s->flags = STEP_TO_STDERR;
	} else {
		s->flags = STEP_TO_STDERR;
	}
	step_add(&e->plan, s, r->body.config.image);
}

/* The one in the store is no use when another platform is asked for. */
static bool right_platform(const struct image *image, const char *platform)
{
	const char *slash = platform ? strchr(platform, '/') : NULL;
	const char *arch = slash ? slash + 1 : NULL;
	size_t n = arch ? strcspn(arch, "/") : 0;

	if (!platform)
		return true;
	if (!slash || !image->config.os || !image->config.architecture)
		return false;
	return strlen(image->config.os) == (size_t)(slash - platform) &&
		strncmp(platform, image->config.os, (size_t)(slash - platform)) == 0 &&
		strlen(image->config.architecture) == n &&
		strncmp(arch, image->config.architecture, n) == 0;
}

static int look_up(struct creation *c, struct engine *e, struct err *err)
{
	const struct create_request *r = c->request;
	const char *text = r->body.config.image;
	const struct image *image = NULL;

	if (!e->store)
		return err_set(err, E_NOT_FOUND, "No such image: %s", text);
	/* a pull may have moved the name */
	store_session_forget_image(&e->session);
	image = store_session_image(&e->session, text, err);
	if (!image)
		return -err->code;
	if (!right_platform(image, r->platform))
		return err_set(
			err, E_NOT_FOUND, "No such image: %s for platform %s", text, r->platform);
	c->image = image;
	return 0;
}

int creation_find_image(struct creation *c, struct engine *e, const struct create_request *r,
	bool say_missing, struct sink *sink, struct err *err)
{
	struct reference ref;
	int found;

	c->request = r;
	/* until the container refers to the image */
	if (e->store && !e->plan_only && store_session_lease(&e->session, err) < 0)
		return -err->code;
	found = r->pull == PULL_ALWAYS ? -E_NOT_FOUND : look_up(c, e, err);
	if (found == 0 || (r->pull != PULL_ALWAYS && err->code != E_NOT_FOUND))
		return found;
	if (r->pull == PULL_NEVER)
		return found;
	if (reference_parse(r->body.config.image, &ref, &e->arena, err) < 0)
		return -err->code;
	if (creation_is_hello(e, r->body.config.image) && r->pull == PULL_MISSING) {
		plan_hello(e);
	} else {
		if (say_missing && r->pull == PULL_MISSING && !e->plan_only)
			sink_notice(sink, "Unable to find image '%s' locally",
				reference_familiar(&ref, &e->arena));
		plan_pull(e, r);
	}
	if (e->plan_only)
		return 0;
	return plan_execute(&e->plan, sink, err) < 0 ? -err->code : look_up(c, e, err);
}
