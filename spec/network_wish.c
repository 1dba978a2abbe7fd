/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/network_wish.h"

static const struct schema_field endpoint_fields[] = {
	FIELD(struct network_endpoint, network, "network", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct network_endpoint, driver, "driver", SCHEMA_STRING),
	FIELD(struct network_endpoint, interface, "interface", SCHEMA_STRING),
	FIELD(struct network_endpoint, mac, "mac", SCHEMA_STRING),
	FIELD(struct network_endpoint, addresses, "addresses", SCHEMA_STRINGS),
	FIELD(struct network_endpoint, aliases, "aliases", SCHEMA_STRINGS),
	FIELD(struct network_endpoint, ports, "ports", SCHEMA_LIST, .sub = &port_schema),
};
static const struct schema endpoint_schema = SCHEMA(struct network_endpoint, endpoint_fields);

static const struct schema_field fields[] = {
	FIELD(struct network_wish, container_id, "container_id", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct network_wish, name, "name", SCHEMA_STRING),
	FIELD(struct network_wish, hostname, "hostname", SCHEMA_STRING),
	FIELD(struct network_wish, endpoints, "endpoints", SCHEMA_LIST, .sub = &endpoint_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct network_wish, dns, "dns", SCHEMA_STRINGS),
	FIELD(struct network_wish, dns_search, "dns_search", SCHEMA_STRINGS),
	FIELD(struct network_wish, dns_options, "dns_options", SCHEMA_STRINGS),
	FIELD(struct network_wish, extra_hosts, "extra_hosts", SCHEMA_STRINGS),
	FIELD(struct network_wish, files, "files", SCHEMA_STRING),
	FIELD(struct network_wish, held, "held", SCHEMA_STRING),
};
const struct schema network_wish_schema = SCHEMA(struct network_wish, fields);
