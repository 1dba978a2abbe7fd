/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup's configuration, and the files made from it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/files.h"
#include "spec/network_definition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No value of the configuration can begin a line of its own. */
static void check_lines(const struct buf *text, size_t lines)
{
	size_t seen = 0;

	for (size_t i = 0; i < text->len; i++)
		seen += text->data[i] == '\n';
	if (seen != lines)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	own_buf struct buf hosts = {0}, resolv = {0};
	static struct network_attachment endpoint = {.network = "n", .gateway = "10.88.0.1"};
	struct network_result result = {.endpoints = {&endpoint, 1}};
	struct network_wish w;
	struct err err;

	if (config_parse_id(&a, (const char *)data, size, &w, &err) == 0 &&
		strchr(w.container_id, '/'))
		abort();
	if (config_parse(&a, (const char *)data, size, &w, &err) < 0)
		return 0;
	if (!network_name_valid(w.container_id))
		abort();
	endpoint.addresses = endpoint.aliases = (struct strings){0};
	strings_add(&a, &endpoint.addresses, "10.88.0.2/16");
	if (w.endpoints.count)
		endpoint.aliases = w.endpoints.items[0].aliases;
	files_hosts(&w, &result, "", &hosts);
	files_resolv(&w, "", &resolv);
	check_lines(&hosts,
		(config_kind(&w) == CONFIG_HOST ? 0 : 6) + w.extra_hosts.count +
			((w.hostname && *w.hostname) || endpoint.aliases.count));
	for (size_t i = 0; i < w.endpoints.count; i++) {
		const struct network_endpoint *e = &w.endpoints.items[i];

		if (strchr(e->network, '/') || strchr(e->interface, '/'))
			abort();
		for (size_t k = 0; k < e->ports.count; k++)
			if (port_check(&e->ports.items[k], &err) < 0 ||
				!config_protocol(e->ports.items[k].protocol))
				abort();
	}
	return 0;
}
