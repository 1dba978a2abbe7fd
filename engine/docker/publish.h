/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker's forms of ports (-p, --expose, PortBindings, ExposedPorts) as spec/port.h's, in which a
 * row of ports is one element, and back. Everything lives in the arena; the cost grows with the
 * rows (times their logarithm), and with the ports only where each has to be written.
 */
#ifndef KIST_ENGINE_PUBLISH_H
#define KIST_ENGINE_PUBLISH_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "spec/port.h"

#define PUBLISH_PORTS_MAX  (1 << 18) /* of one container: all ports, of four addresses */
#define PUBLISH_RANGES_MAX 4096      /* how many -p it may have */

/*
 * Add what one -p says: [IP:][HOST[-HOST]:]CONTAINER[-CONTAINER][/PROTOCOL], IPv6 in brackets.
 * Returns 0; E_USAGE in docker's words ("Invalid hostPort: 99999"), or E_LIMIT.
 */
int publish_parse(const char *text, struct port_list *ports, struct arena *a, struct err *err);

/* What one --expose says: PORT[-PORT][/PROTOCOL]; host_port is 0. Returns 0 or E_USAGE. */
int publish_parse_expose(const char *text, struct port *port, struct arena *a, struct err *err);

/* "80/tcp", or "8000-8010/tcp" for a row: a key of PortBindings and ExposedPorts. */
const char *publish_key(const struct port *p, struct arena *a);

/* Make one row of neighbours that go to neighbours, and sort by the container's port. */
void publish_join(struct port_list *ports);

/*
 * PortBindings: {"80/tcp":[{"HostIp":"","HostPort":"8080"}]}, sorted by port. single: as docker
 * shows it, a key for each port; otherwise a key for each row.
 */
struct json *publish_bindings(const struct port_list *ports, bool single, struct arena *a);

/*
 * The ports of a PortBindings object (NULL: none), joined. Returns 0; E_SYNTAX or E_USAGE, which
 * name the key; E_LIMIT.
 */
int publish_read_bindings(
	const struct json *bindings, struct port_list *ports, struct arena *a, struct err *err);

/* The ports of ExposedPorts' keys, as they stand. Returns 0, or E_USAGE. */
int publish_read_exposed(
	const struct strings *keys, struct port_list *ports, struct arena *a, struct err *err);

/* Leave the container's side alone: each port once, neighbours joined, sorted. */
void publish_expose(struct port_list *ports);

/* Which exposed ports are not published, whatever the address? */
void publish_without(const struct port_list *exposed, const struct port_list *published,
	struct port_list *left, struct arena *a);

/* Is one of "80", "80/tcp" or "8000-8010/tcp" among them? Without a protocol any will do. */
bool publish_matches(const struct port_list *ports, const char *value, struct arena *a);

/* The keys of ports, single: one for each port. */
void publish_keys(
	const struct port_list *ports, bool single, struct strings *keys, struct arena *a);

#endif
