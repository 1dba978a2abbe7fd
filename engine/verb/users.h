/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which container has a thing, an image or a volume: read once, asked for each of many. A container
 * whose record is damaged may have any of them.
 */
#ifndef KIST_ENGINE_USERS_H
#define KIST_ENGINE_USERS_H

#include "engine/verb/state.h"
#include "spec/digest.h"

struct user {
	const char *thing,
		*container; /* the image's ID, or the volume's name; the container's id */
	bool running;
};

/* All of it lives in the engine's arena. */
struct users {
	struct user *items;
	size_t count, room;
	bool sorted;
};

/* Who needs images, and whether they run; a damaged record is an error, which names it. */
int image_users_read(struct engine *e, struct users *u, struct err *err);

/* The same of volumes; who only looks gives a sink, which is told what is damaged. */
int volume_users_read(struct engine *e, struct users *u, struct sink *sink, struct err *err);

/* A container that has it, one that runs first; NULL: none. Valid until the engine's end. */
const struct user *users_find(struct users *u, const char *thing);

#endif
