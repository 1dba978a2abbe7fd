/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/ports.h"

#include <stdio.h>
#include <string.h>

#include "engine/verb/network.h"
#include "lib/own.h"

static void add_ports(const struct json *list, struct port_list *ports, struct arena *a)
{
	json_each (item, list) {
		const char *ip = json_get_string(item, "host_ip");
		const char *protocol = json_get_string(item, "protocol");
		int64_t host = 0, container = 0;
		struct port p;

		json_int64(json_get(item, "host_port"), &host);
		json_int64(json_get(item, "container_port"), &container);
		p = (struct port){.host_ip = ip && *ip ? ip : "0.0.0.0",
			.host_port = (uint32_t)host,
			.container_port = (uint32_t)container,
			.protocol = protocol ? protocol : "tcp"};
		port_list_add(ports, &p, a);
	}
}

void ports_of(struct engine *e, const char *id, const struct docker_container *docker,
	struct port_list *ports)
{
	const struct json *asked = json_get(docker->network, "ports");
	const struct json *result = asked && asked->count ? network_result(e, id) : NULL;

	*ports = (struct port_list){0};
	if (result)
		add_ports(json_get(result, "ports"), ports, &e->arena);
}

static bool published(const struct port_list *ports, const char *key)
{
	char text[32];

	for (size_t i = 0; i < ports->count; i++) {
		snprintf(text, sizeof(text), "%u/%s", ports->items[i].container_port,
			ports->items[i].protocol);
		if (strcmp(text, key) == 0)
			return true;
	}
	return false;
}

const char *ports_text(struct engine *e, const char *id, const struct docker_container *docker)
{
	own_buf struct buf text = {0};
	struct port_list ports;

	ports_of(e, id, docker, &ports);
	for (size_t i = 0; i < docker->config.exposed_ports.count; i++)
		if (!published(&ports, docker->config.exposed_ports.items[i]))
			buf_addf(&text, "%s%s", text.len ? ", " : "",
				docker->config.exposed_ports.items[i]);
	for (size_t i = 0; i < ports.count; i++)
		buf_addf(&text, "%s%s:%u->%u/%s", text.len ? ", " : "", ports.items[i].host_ip,
			ports.items[i].host_port, ports.items[i].container_port,
			ports.items[i].protocol);
	return arena_strdup(&e->arena, buf_str(&text));
}

struct json *ports_document(
	struct engine *e, const struct docker_container *docker, const struct port_list *ports)
{
	struct arena *a = &e->arena;
	struct json *map = json_new_object(a);

	for (size_t i = 0; i < docker->config.exposed_ports.count; i++)
		if (!published(ports, docker->config.exposed_ports.items[i]))
			json_set(a, map, docker->config.exposed_ports.items[i], json_new_null(a));
	for (size_t i = 0; i < ports->count; i++) {
		const struct port *p = &ports->items[i];
		const char *key = arena_printf(a, "%u/%s", p->container_port, p->protocol);
		struct json *list = json_get(map, key), *binding = json_new_object(a);

		if (!list)
			list = json_set(a, map, key, json_new_array(a));
		json_set_string(a, binding, "HostIp", p->host_ip);
		json_set_string(a, binding, "HostPort", arena_printf(a, "%u", p->host_port));
		json_append(list, binding);
	}
	return map;
}
