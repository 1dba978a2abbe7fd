/* SPDX-License-Identifier: Apache-2.0 */
/* ROOT/networks/<name>.json: what is accepted is written again as it is, and makes sense. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf once = {0}, twice = {0};
	struct network n, again;
	struct json *doc;
	struct err err;

	doc = json_parse(&a, (const char *)data, size, JSON_DOCUMENT_MAX, &err);
	if (!doc || network_parse(&a, doc, &n, &err) < 0)
		return 0;
	if (!network_name_valid(n.d.name) || (n.d.bridge && !config_interface_valid(n.d.bridge)))
		abort();
	if (n.d.subnet &&
		(!ip_within(&n.subnet, n.gateway) || n.gateway == n.subnet.address ||
			ip_capacity(&n.subnet) == 0))
		abort();
	doc = schema_encode(&network_definition_schema, &n.d, &a);
	json_write(doc, JSON_COMPACT, &once);
	if (network_parse(&a, doc, &again, &err) < 0)
		abort();
	json_write(schema_encode(&network_definition_schema, &again.d, &a), JSON_COMPACT, &twice);
	if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
		abort();
	return 0;
}
