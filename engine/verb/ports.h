/* SPDX-License-Identifier: Apache-2.0 */
/* A running container's ports, as ps, port and inspect show them. */
#ifndef KIST_ENGINE_PORTS_H
#define KIST_ENGINE_PORTS_H

#include "engine/docker/docker.h"
#include "engine/docker/publish.h"
#include "engine/verb/engine.h"

/*
 * The published ports of a running container, from what kist-netsetup answered: it publishes on
 * IPv4 addresses, "0.0.0.0" for all of them. Everything lives in the engine's arena.
 */
void ports_of(struct engine *e, const char *id, const struct docker_container *docker,
	struct port_list *ports);

/* "127.0.0.1:8080->80/tcp, 81/udp": exposed ones that are not published stand alone. In the arena.
 */
const char *ports_text(
	const struct docker_container *docker, const struct port_list *ports, struct arena *a);

/* NetworkSettings.Ports: {"80/tcp":[{"HostIp","HostPort"}],"81/udp":null}. In the arena. */
struct json *ports_document(
	struct engine *e, const struct docker_container *docker, const struct port_list *ports);

#endif
