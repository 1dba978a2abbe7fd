/* SPDX-License-Identifier: Apache-2.0 */
/* A container's network: what kist-netsetup is told, and what it answered. */
#ifndef KIST_ENGINE_NETWORK_H
#define KIST_ENGINE_NETWORK_H

#include "engine/docker/docker.h"
#include "engine/docker/publish.h"
#include "engine/verb/engine.h"
#include "spec/network_definition.h"
#include "spec/network_result.h"
#include "spec/network_wish.h"

/*
 * Is this the name of a network that a container can join? kist0's "default" and "bridge", "none",
 * "host", and those in ROOT/networks. E_NOT_FOUND "network X not found".
 */
int network_known(struct engine *e, const char *mode, struct err *err);

/*
 * Add the steps that make the network and the files hosts, hostname and resolv.conf in
 * ROOT/containers/<id>; from then on a failure tears the network down.
 */
void network_plan_setup(struct engine *e, const char *id, const struct docker_container *docker);
void network_plan_teardown(struct engine *e, const char *id, const struct docker_container *docker);

/* Has kist-netsetup something of this container that was not torn down? */
bool network_is_left(struct engine *e, const char *id);

/*
 * What kist-netsetup answered for a running container. Returns whether there is an answer; *result
 * is empty else. Lives in the engine's arena.
 */
bool network_result(struct engine *e, const char *id, struct network_result *result);

/* The name by which docker's users know kist-netsetup's network: "bridge" for its default. */
const char *network_shown_name(const char *name);

/* The names that a person knows: "bridge", "host", "none", and what was created; sorted. */
int network_names(struct engine *e, struct strings *names, struct err *err);

/*
 * A network by such a name; its driver is docker's word. Lives in the engine's arena. Returns 0;
 * E_NOT_FOUND, or the error of a file that cannot be read, which it names.
 */
int network_read(struct engine *e, const char *name, struct network_definition *d, struct err *err);

#endif
