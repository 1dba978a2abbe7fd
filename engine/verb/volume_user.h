/* SPDX-License-Identifier: Apache-2.0 */
/* Which container has a volume: shared by the verbs about volumes. */
#ifndef KIST_ENGINE_VOLUME_USER_H
#define KIST_ENGINE_VOLUME_USER_H

#include "engine/verb/engine.h"
#include "engine/verb/state.h"

#define VOLUME_LABEL_ANONYMOUS "com.docker.volume.anonymous"

struct volume_users {
	struct container_records records;
	struct docker_container *items; /* of each record */
};

/*
 * Read all of them; all lives in the engine's arena. A container whose record cannot be read may
 * have any volume: an error, but for who only looks and gives a sink, which is told. Returns 0.
 */
int volume_users_read(struct engine *e, struct volume_users *u, struct sink *sink, struct err *err);

/* The id of a container that has the volume, or NULL. */
const char *volume_user(const struct volume_users *u, const char *name);

#endif
