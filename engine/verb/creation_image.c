/* SPDX-License-Identifier: Apache-2.0 */
/* The image of a container that is to be made: found, pulled, or the embedded one. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/verb/creation.h"
#include "engine/verb/hello.h"
#include "lib/own.h"

bool creation_is_hello(struct engine *e, const char *text)
{
	struct reference ref;

	return reference_parse(text, &ref, &e->arena, &(struct err){0}) == 0 &&
		!ref.digest.text[0] &&
		strcmp(reference_familiar(&ref, &e->arena), "hello-world:latest") == 0;
}

static void plan_hello(struct engine *e)
{
	struct step *s = plan_program(&e->plan, "kist", "hello-image", NULL);

	s->comment = "the image that is built into kist";
	plan_pipe(&e->plan, s, "kist-store", "load", NULL)->flags = STEP_QUIET;
}

static void plan_pull(struct engine *e, const struct create_request *r)
{
	struct step *s = plan_progress(&e->plan, ABOUT_PULL);

	s->flags = r->quiet ? STEP_QUIET : STEP_TO_STDERR;
	if (r->platform)
		step_add2(&e->plan, s, "--platform", r->platform);
	if (r->quiet)
		step_add(&e->plan, s, "--quiet");
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

static const struct image *look_up(
	struct engine *e, const struct create_request *r, struct err *err)
{
	const char *name = r->body.config.image;
	const struct image *image;

	if (!e->store)
		err_set(err, E_NOT_FOUND, "there is no store");
	image = e->store ? store_session_image(&e->session, name, err) : NULL;
	if (!image)
		sentence_for(ABOUT_IMAGE, name, err);
	if (image && !right_platform(image, r->platform)) {
		err_set(err, E_NOT_FOUND, "No such image: %s for platform %s", name, r->platform);
		return NULL;
	}
	return image;
}

static void plan_image(struct engine *e, const struct create_request *r,
	const struct reference *ref, bool say_missing)
{
	if (creation_is_hello(e, r->body.config.image) && r->pull == PULL_MISSING) {
		plan_hello(e);
		return;
	}
	if (say_missing && r->pull == PULL_MISSING)
		plan_notice(&e->plan, "Unable to find image '%s' locally",
			reference_familiar(ref, &e->arena));
	plan_pull(e, r);
}

int creation_find_image(struct creation *c, struct engine *e, const struct create_request *r,
	bool say_missing, struct sink *sink, struct err *err)
{
	bool look = r->pull != PULL_ALWAYS || r->pulled;
	struct reference ref;

	c->request = r;
	/* gc keeps away from the image until the container refers to it */
	if (!e->plan_only && store_session_lease(&e->session, err) < 0)
		return -err->code;
	if (look)
		c->image = look_up(e, r, err);
	if (c->image)
		return 0;
	if (look && (err->code != E_NOT_FOUND || r->pull == PULL_NEVER || r->pulled))
		return -err->code;
	if (reference_parse(r->body.config.image, &ref, &e->arena, err) < 0)
		return -err->code;
	plan_image(e, r, &ref, say_missing);
	if (e->plan_only) {
		plan_rest(&e->plan, &e->words)->comment =
			"what follows depends on the image that is here now";
		return 0;
	}
	if (engine_do(e, sink, err) < 0)
		return -err->code;
	store_session_forget_image(&e->session);
	c->image = look_up(e, r, err);
	return c->image ? 0 : -err->code;
}
