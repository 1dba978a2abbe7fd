/* SPDX-License-Identifier: Apache-2.0 */
/* A published port, or a run of them: the same struct from the command line to the packet filter.
 */
#ifndef KIST_SPEC_PORT_H
#define KIST_SPEC_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

struct port {
	const char *host_ip;     /* NULL or "": every address of the host */
	uint32_t host_port;      /* 0: a free one is chosen */
	uint32_t container_port; /* 1 to 65535 */
	const char *protocol;    /* "tcp" (also NULL), "udp", "sctp" */
	uint32_t count;          /* ports in a row, on both sides; 0: one */
};

struct port_list {
	struct port *items;
	size_t count;
};

/* {"host_ip","host_port","container_port","protocol","count"}; host_port is always written. */
extern const struct schema port_schema;

/* How many ports it stands for, at least 1. */
static inline uint32_t port_count(const struct port *p)
{
	return p->count ? p->count : 1;
}

/* Is this "tcp", "udp" or "sctp"? */
bool port_protocol_valid(const char *protocol);

/*
 * Check numbers and protocol: container_port and the last of the row within 1 to 65535, host_port
 * and the last of its row within 0 to 65535. host_ip is not looked at. Returns 0, or E_SYNTAX.
 */
int port_check(const struct port *p, struct err *err);

/* Add a port; its strings are borrowed. The list grows in the arena. */
void port_list_add(struct port_list *list, const struct port *p, struct arena *a);

#endif
