/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/network_definition.h"

#include <string.h>

#include "spec/reference.h"

static const struct schema_field fields[] = {
	FIELD(struct network_definition, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct network_definition, id, "id", SCHEMA_STRING),
	FIELD(struct network_definition, driver, "driver", SCHEMA_STRING),
	FIELD(struct network_definition, internal, "internal", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
	FIELD(struct network_definition, bridge, "bridge", SCHEMA_STRING),
	FIELD(struct network_definition, subnet, "subnet", SCHEMA_STRING),
	FIELD(struct network_definition, gateway, "gateway", SCHEMA_STRING),
	FIELD(struct network_definition, mtu, "mtu", SCHEMA_INT64),
	FIELD(struct network_definition, created, "created", SCHEMA_STRING),
	FIELD(struct network_definition, labels, "labels", SCHEMA_STRING_MAP),
	FIELD(struct network_definition, endpoints, "endpoints", SCHEMA_STRING_MAP),
};
const struct schema network_definition_schema = SCHEMA(struct network_definition, fields);

bool network_name_valid(const char *name)
{
	/* name_valid() wants two characters: a second one makes it look at the first alone */
	char one[3] = {name[0], '0', '\0'};

	if (!name[0] || strlen(name) > NETWORK_NAME_MAX)
		return false;
	return name_valid(name[1] ? name : one);
}
