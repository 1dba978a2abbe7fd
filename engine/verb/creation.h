/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a container: from a request and an image to a record, volumes and config.json. The steps
 * go into the engine's plan; "create" ends there, "run" goes on with container_plan_start(). What
 * they have open (the container with its lock, its root, the lease on the image) is the engine's
 * session's.
 */
#ifndef KIST_ENGINE_CREATION_H
#define KIST_ENGINE_CREATION_H

#include "engine/verb/engine.h"
#include "engine/verb/translate.h"
#include "store/container.h"
#include "store/image.h"

enum pull_policy { PULL_MISSING, PULL_ALWAYS, PULL_NEVER };

/* A container that is asked for. */
struct create_request {
	const char *name;     /* NULL: generate one */
	const char *platform; /* of the image; NULL: ours */
	enum pull_policy pull;
	bool pulled;         /* just now: whatever the policy, it is not pulled again */
	bool quiet;          /* no progress while pulling */
	const char *cidfile; /* the id is written there; NULL: nowhere */
	struct docker_body body;
};

/* What is told of a container that was made, as the Engine API's create call answers. */
struct create_result {
	const char *id;          /* lives in the engine's arena */
	struct strings warnings; /* also said by the sink's notice */
};

struct creation {
	struct engine *engine;
	const struct create_request *request;
	const struct image *image; /* NULL: with --plan, when it would have to be pulled first */
	char id[CONTAINER_ID_LEN + 1];
	const char *name;
	struct translation translation;
	struct docker_container docker; /* what the record keeps */
};

/*
 * See that the image is in the store: adds the pull (or the load of the embedded image) to the plan
 * and, unless only the plan is wanted, does it. c->image stays NULL when only the plan is wanted
 * and the image is not there: the plan then ends with its rest (STEP_REST), and is complete.
 * say_missing: docker run's "Unable to find image". Returns 0 or E_NOT_FOUND.
 */
int creation_find_image(struct creation *c, struct engine *e, const struct create_request *request,
	bool say_missing, struct sink *sink, struct err *err);

/* creation_image.c: does the text name the embedded image? */
bool creation_is_hello(struct engine *e, const char *text);

/*
 * Add the steps that make the container. *c was zeroed before the image was found; request and
 * image are borrowed. Returns 0, or why this container cannot be.
 */
int creation_plan(struct creation *c, struct engine *e, const struct create_request *request,
	struct err *err);

/* Do the steps, as engine_do(). A name that is taken is told in docker's words. */
int creation_do(struct creation *c, struct sink *sink, struct err *err);

/* creation_volumes.c: what the containers in VolumesFrom have mounted. Returns 0. */
int creation_inherited(struct creation *c, struct translate_context *context, struct err *err);

/* creation_volumes.c: the steps for host directories and volumes. */
void creation_plan_volumes(struct creation *c);

#endif
