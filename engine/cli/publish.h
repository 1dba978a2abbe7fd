/* SPDX-License-Identifier: Apache-2.0 */
/* -p and --expose: docker's forms of ports. */
#ifndef KIST_ENGINE_PUBLISH_H
#define KIST_ENGINE_PUBLISH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "spec/port.h"

#define PUBLISH_PORTS_MAX 65536 /* of one container */

/*
 * Add what one -p says: [IP:][HOST[-HOST]:]CONTAINER[-CONTAINER][/PROTOCOL], IPv6 in brackets.
 * Strings live in the arena. E_USAGE in docker's words ("Invalid hostPort: 99999").
 */
int publish_parse(const char *text, struct port_list *ports, struct arena *a, struct err *err);

/* Add what one --expose, or an image's ExposedPorts, says: PORT[-PORT][/PROTOCOL]; host_port is 0.
 */
int publish_parse_expose(
	const char *text, struct port_list *ports, struct arena *a, struct err *err);

#endif
