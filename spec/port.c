/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/port.h"

#include <string.h>

#include "lib/own.h"

static const struct schema_field fields[] = {
	FIELD(struct port, host_ip, "host_ip", SCHEMA_STRING),
	FIELD(struct port, host_port, "host_port", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct port, container_port, "container_port", SCHEMA_UINT32,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct port, protocol, "protocol", SCHEMA_STRING),
	FIELD(struct port, count, "count", SCHEMA_UINT32),
};
const struct schema port_schema = SCHEMA(struct port, fields);

bool port_protocol_valid(const char *protocol)
{
	static const char *const known[] = {"tcp", "udp", "sctp"};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], protocol) == 0)
			return true;
	return false;
}

int port_check(const struct port *p, struct err *err)
{
	uint64_t more = port_count(p) - 1;

	if (p->protocol && !port_protocol_valid(p->protocol))
		return err_set(err, E_SYNTAX, "protocol '%.40s' is none of tcp, udp and sctp",
			p->protocol);
	if (p->container_port < 1 || p->container_port + more > 65535)
		return err_set(err, E_SYNTAX,
			"container_port %u (%u in a row) is not within 1 to 65535",
			p->container_port, port_count(p));
	if (p->host_port + (p->host_port ? more : 0) > 65535)
		return err_set(err, E_SYNTAX, "host_port %u (%u in a row) is not within 0 to 65535",
			p->host_port, port_count(p));
	return 0;
}

void port_list_add(struct port_list *list, const struct port *p, struct arena *a)
{
	/* doubles at powers of two */
	if ((list->count & (list->count - 1)) == 0) {
		struct port *more = arena_array(
			a, list->count ? list->count * 2 : 1, sizeof(*more));

		if (list->count)
			memcpy(more, list->items, list->count * sizeof(*more));
		list->items = more;
	}
	list->items[list->count++] = *p;
}
