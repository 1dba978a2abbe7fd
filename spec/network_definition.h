/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A network: ROOT/networks/<name>.json as it was created, RUN/networks/<name>/active.json as it is
 * set up, and a line of kist-netsetup ls, which adds the addresses in use.
 */
#ifndef KIST_SPEC_NETWORK_DEFINITION_H
#define KIST_SPEC_NETWORK_DEFINITION_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

#define NETWORK_NAME_MAX 128
#define NETWORK_ID_LEN   64 /* hex digits */

struct network_definition {
	const char *name;
	const char *id; /* NETWORK_ID_LEN digits, chosen anew for each network; NULL: "default" */
	const char *driver; /* NULL: bridge */
	bool internal;      /* no way out of it */
	const char *bridge; /* the interface's name */
	const char *subnet, *gateway;
	int64_t mtu;         /* 0: the kernel's default */
	const char *created; /* RFC 3339 */
	struct string_map labels;
	struct string_map endpoints; /* of ls: address to container id */
};

extern const struct schema network_definition_schema;

/*
 * Is this a name for a network: [a-zA-Z0-9][a-zA-Z0-9_.-]*, at most NETWORK_NAME_MAX bytes? It is
 * name_valid()'s rule, but that one character is enough. So it is fit for a file name.
 */
bool network_name_valid(const char *name);

#endif
