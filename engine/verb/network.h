/* SPDX-License-Identifier: Apache-2.0 */
/* A container's network: what kist-netsetup is told, and what it answered. */
#ifndef KIST_ENGINE_NETWORK_H
#define KIST_ENGINE_NETWORK_H

#include "engine/docker/docker.h"
#include "engine/docker/publish.h"
#include "engine/verb/engine.h"

/*
 * Is this the name of a network that a container can join? kist0's "default" and "bridge", "none",
 * "host", and those in ROOT/networks. E_NOT_FOUND "network X not found".
 */
int network_check(struct engine *e, const char *mode, struct err *err);

/* config.json's network_namespace for a mode: NULL a new one, "host", or the path that setup makes.
 */
const char *network_namespace(struct engine *e, const char *mode, const char *id);

/*
 * kist-netsetup's configuration (docs/pipes.md) for a container with this host configuration; ports
 * may be empty. Lives in the engine's arena.
 */
const struct json *network_document(struct engine *e, const char *id, const char *name,
	const struct docker_container *docker, const struct port_list *ports);

/*
 * Add the steps that make the network and the files hosts, hostname and resolv.conf in
 * ROOT/containers/<id>; from then on a failure tears the network down.
 */
void network_plan_setup(struct engine *e, const char *id, const struct docker_container *docker);
void network_plan_teardown(struct engine *e, const char *id, const struct docker_container *docker);

/* What kist-netsetup answered for a running container, or NULL. Lives in the engine's arena. */
const struct json *network_result(struct engine *e, const char *id);

#endif
