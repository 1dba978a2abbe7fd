/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/network_result.h"

static const struct schema_field attachment_fields[] = {
	FIELD(struct network_attachment, network, "network", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct network_attachment, driver, "driver", SCHEMA_STRING),
	FIELD(struct network_attachment, interface, "interface", SCHEMA_STRING),
	FIELD(struct network_attachment, link, "link", SCHEMA_STRING),
	FIELD(struct network_attachment, bridge, "bridge", SCHEMA_STRING),
	FIELD(struct network_attachment, mac, "mac", SCHEMA_STRING),
	FIELD(struct network_attachment, addresses, "addresses", SCHEMA_STRINGS),
	FIELD(struct network_attachment, gateway, "gateway", SCHEMA_STRING),
	FIELD(struct network_attachment, aliases, "aliases", SCHEMA_STRINGS),
	FIELD(struct network_attachment, ports, "ports", SCHEMA_LIST, .sub = &port_schema),
};
static const struct schema attachment_schema = SCHEMA(struct network_attachment, attachment_fields);

static const struct schema_field files_fields[] = {
	FIELD(struct network_files, hosts, "hosts", SCHEMA_STRING),
	FIELD(struct network_files, hostname, "hostname", SCHEMA_STRING),
	FIELD(struct network_files, resolv_conf, "resolv_conf", SCHEMA_STRING),
};
static const struct schema files_schema = SCHEMA(struct network_files, files_fields);

static const struct schema_field fields[] = {
	FIELD(struct network_result, netns, "netns", SCHEMA_STRING),
	FIELD(struct network_result, endpoints, "endpoints", SCHEMA_LIST, .sub = &attachment_schema,
		.flags = SCHEMA_ALWAYS),
	FIELD(struct network_result, files, "files", SCHEMA_OPT_STRUCT, .sub = &files_schema),
};
const struct schema network_result_schema = SCHEMA(struct network_result, fields);
