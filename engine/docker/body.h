/* SPDX-License-Identifier: Apache-2.0 */
/* The body of docker's create call: from JSON, and what kist can and cannot do of it. */
#ifndef KIST_ENGINE_BODY_H
#define KIST_ENGINE_BODY_H

#include "engine/docker/docker.h"

/*
 * How many entries one body, or one image config, may have of a kind. Docker has no such numbers;
 * what they keep small is a container's record, and what is done for each entry.
 */
#define DOCKER_VOLUMES_MAX 4096 /* and mounts of all kinds together */
#define DOCKER_ENV_MAX     16384
#define DOCKER_LABELS_MAX  16384
#define DOCKER_PORTS_MAX   16384 /* ExposedPorts; PortBindings have one for each port */

/*
 * Decode a body as docker's clients of Engine API 1.24 to 1.5x post it. A member that kist does not
 * know is E_UNSUPPORTED and named, unless it says nothing: null, false, 0, "", or an array or
 * object without members; so nothing that a client asks for is dropped. Cmd and Entrypoint may be
 * one string each. Lives in the arena, *o may be changed. Returns 0; E_SYNTAX for a member of a
 * wrong type.
 */
int docker_body_decode(struct json *o, struct docker_body *body, struct arena *a, struct err *err);

/*
 * Refuse what docker's engine refuses, in its words (E_USAGE), and what kist does not do
 * (E_UNSUPPORTED, which names the member): restart policies, log drivers, health checks and the
 * like. Both mouths' bodies go through it. Returns 0.
 */
int docker_body_check(const struct docker_body *body, struct err *err);

/*
 * E_LIMIT when more than max entries: "image 'x': Volumes has 16000 entries, kist takes at most
 * 4096". whose: "image 'x'", or NULL for the request's own.
 */
int docker_check_count(
	const char *whose, const char *member, size_t count, size_t max, struct err *err);

#endif
