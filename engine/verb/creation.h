/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a container: from a request and an image to a record, volumes and config.json. The steps
 * go into the engine's plan; "create" ends there, "run" goes on with container_plan_start().
 */
#ifndef KIST_ENGINE_CREATION_H
#define KIST_ENGINE_CREATION_H

#include "engine/cli/run_options.h"
#include "engine/verb/engine.h"
#include "spec/config_make.h"
#include "store/container.h"
#include "store/image.h"

struct creation {
	struct engine *engine;
	const struct create_request *request;
	const struct image *image; /* NULL: with --plan, when it would have to be pulled first */
	char id[CONTAINER_ID_LEN + 1];
	const char *name;
	const char *user; /* of the process, as names; NULL: what the image says */
	struct docker_container docker;
	struct port_list ports; /* published */
	struct config_options options;
	struct stored_container container; /* once it is made: open and locked */
	int mount; /* its root file system, attached nowhere; -1: not needed yet */
	int lease; /* keeps gc away from the image until the container refers to it */
};

void creation_release(struct creation *c);

#define own_creation __attribute__((cleanup(creation_release)))
#define CREATION_INIT                                                                              \
	{                                                                                          \
		.container = STORED_CONTAINER_INIT, .mount = -1, .lease = -1                       \
	}

/*
 * See that the image is in the store: adds the pull (or the load of the embedded image) to the plan
 * and, unless only the plan is wanted, does it. c->image stays NULL when only the plan is wanted
 * and the image is not there. say_missing: docker run's "Unable to find image". Returns 0 or
 * E_NOT_FOUND.
 */
int creation_find_image(struct creation *c, struct engine *e, const struct create_request *request,
	bool say_missing, struct sink *sink, struct err *err);

/* creation_image.c: does the text name the embedded image? */
bool creation_is_hello(struct engine *e, const char *text);

/*
 * Add the steps that make the container. *c is zeroed by CREATION_INIT; request and image are
 * borrowed. Returns 0, or why this container cannot be.
 */
int creation_plan(struct creation *c, struct engine *e, const struct create_request *request,
	struct err *err);

/* creation_options.c: config_options from docker's words. Returns 0. */
int creation_options(struct creation *c, struct err *err);

/* creation_volumes.c: Mounts, the volumes' and host directories' steps. Returns 0. */
int creation_mounts(struct creation *c, struct err *err);
void creation_plan_volumes(struct creation *c);

/*
 * Copy what the image has where an empty volume is mounted, as docker does. root is the container's
 * root file system. Returns 0.
 */
int creation_populate(int root, const struct docker_container *docker, struct err *err);

/* The root file system of c, mounted when it is asked for first. Returns the descriptor, borrowed.
 */
int creation_mount(struct creation *c, struct err *err);

#endif
