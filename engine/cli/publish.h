/* SPDX-License-Identifier: Apache-2.0 */
/* -p and --expose: docker's forms of ports. */
#ifndef KIST_ENGINE_PUBLISH_H
#define KIST_ENGINE_PUBLISH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"

#define PUBLISH_PORTS_MAX 65536 /* of one container */

struct port {
	const char *host_ip; /* "" : every address */
	uint16_t host_port;  /* 0: a free one */
	uint16_t container_port;
	const char *protocol; /* "tcp", "udp", "sctp" */
};

struct port_list {
	struct port *items;
	size_t count;
};

/*
 * Add what one -p says: [IP:][HOST[-HOST]:]CONTAINER[-CONTAINER][/PROTOCOL], IPv6 in brackets.
 * Strings live in the arena. E_USAGE in docker's words ("Invalid hostPort: 99999").
 */
int publish_parse(const char *text, struct port_list *ports, struct arena *a, struct err *err);

/* Add what one --expose, or an image's ExposedPorts, says: PORT[-PORT][/PROTOCOL]; host_port is 0.
 */
int publish_parse_expose(
	const char *text, struct port_list *ports, struct arena *a, struct err *err);

/* Add one port. Its strings are borrowed. */
void publish_add(struct port_list *ports, const struct port *p, struct arena *a);

#endif
