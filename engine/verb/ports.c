/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ports.h"

#include <stdio.h>
#include <string.h>

#include "engine/verb/network.h"
#include "lib/own.h"

void ports_of(struct engine *e, const char *id, const struct docker_container *docker,
	struct port_list *ports)
{
	struct network_result result;

	*ports = (struct port_list){0};
	/* without a network nothing was answered */
	if (!docker->network || !network_result(e, id, &result))
		return;
	for (size_t i = 0; i < result.endpoints.count; i++)
		for (size_t k = 0; k < result.endpoints.items[i].ports.count; k++) {
			struct port p = result.endpoints.items[i].ports.items[k];

			if (!p.host_ip || !*p.host_ip)
				p.host_ip = "0.0.0.0";
			if (!p.protocol)
				p.protocol = "tcp";
			port_list_add(ports, &p, &e->arena);
		}
}

/* The exposed ports that are not published. */
static struct port_list unpublished(
	const struct docker_container *docker, const struct port_list *ports, struct arena *a)
{
	struct port_list exposed, left = {0};

	/* what does not parse was refused when the container was made */
	if (publish_read_exposed(&docker->config.exposed_ports, &exposed, a, &(struct err){0}) == 0)
		publish_without(&exposed, ports, &left, a);
	return left;
}

static void add_text(struct buf *text, const char *ip, uint32_t port, uint32_t count)
{
	buf_addf(text, "%s%s%u", ip, *ip ? ":" : "", port);
	if (count > 1)
		buf_addf(text, "-%u", port + count - 1);
}

const char *ports_text(
	const struct docker_container *docker, const struct port_list *published, struct arena *a)
{
	own_buf struct buf text = {0};
	struct port_list ports = {0}, left;

	for (size_t i = 0; i < published->count; i++)
		port_list_add(&ports, &published->items[i], a);
	publish_join(&ports);
	left = unpublished(docker, &ports, a);
	for (size_t i = 0; i < left.count; i++)
		buf_addf(&text, "%s%s", text.len ? ", " : "", publish_key(&left.items[i], a));
	for (size_t i = 0; i < ports.count; i++) {
		const struct port *p = &ports.items[i];

		if (text.len)
			buf_adds(&text, ", ");
		add_text(&text, p->host_ip, p->host_port, port_count(p));
		buf_adds(&text, "->");
		add_text(&text, "", p->container_port, port_count(p));
		buf_addf(&text, "/%s", p->protocol ? p->protocol : "tcp");
	}
	return arena_strdup(a, buf_str(&text));
}

struct json *ports_document(
	struct engine *e, const struct docker_container *docker, const struct port_list *ports)
{
	struct arena *a = &e->arena;
	struct json *map = json_new_object(a);
	struct port_list left = unpublished(docker, ports, a);
	struct strings keys;

	publish_keys(&left, true, &keys, a);
	for (size_t i = 0; i < keys.count; i++)
		json_set(a, map, keys.items[i], json_new_null(a));
	json_each (key, publish_bindings(ports, true, a))
		json_set(a, map, key->key, json_copy(a, key));
	return map;
}
