/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup's configuration, and the files made from it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/own.h"
#include "netsetup/config.h"
#include "netsetup/files.h"

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
	struct err err;
	struct config c;

	if (config_parse(&a, (const char *)data, size, &c, &err) < 0)
		return 0;
	if (!config_name_ok(c.container_id) || strchr(c.network, '/'))
		abort();
	files_hosts(&c, "10.88.0.2", "10.88.0.1", "", &hosts);
	files_resolv(&c, "", &resolv);
	check_lines(&hosts,
		(config_kind(&c) == CONFIG_HOST ? 0 : 6) + c.extra_hosts.count +
			(c.hostname && *c.hostname));
	for (size_t i = 0; i < c.ports.count; i++)
		if (c.ports.items[i].host_port < 0 || c.ports.items[i].host_port > 65535 ||
			!c.ports.items[i].ipproto)
			abort();
	return 0;
}
