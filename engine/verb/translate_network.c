/* SPDX-License-Identifier: Apache-2.0 */
/* Published ports, and the networks that a container joins. */
#include <string.h>
#include <unistd.h>

#include "engine/docker/publish.h"
#include "engine/verb/translate_parts.h"

static bool is(const char *text, const char *word)
{
	return text && strcmp(text, word) == 0;
}

static bool is_set(const char *text)
{
	return text && *text;
}

/* The bridge that is there without being made has two names in docker. */
static const char *network_name(const char *text)
{
	return is_set(text) && !is(text, "bridge") ? text : NETWORK_DEFAULT;
}

/* Exposed ports are those of the image, of --expose and of -p; with -P all of them are published.
 */
static int set_ports(const struct translate_context *c, struct translation *t, struct err *err)
{
	struct docker_config *d = &t->docker.config;
	struct docker_host_config *h = &t->docker.host_config;
	struct port_list exposed, left;

	if (publish_read_bindings(h->port_bindings, &t->ports, c->arena, err) < 0)
		return -err->code;
	h->port_bindings = publish_bindings(&t->ports, false, c->arena);
	if (publish_read_exposed(&d->exposed_ports, &exposed, c->arena, err) < 0)
		return err_wrap(err, "container of image '%s'", c->image_name);
	if (h->publish_all_ports) {
		publish_without(&exposed, &t->ports, &left, c->arena);
		for (size_t i = 0; i < left.count; i++)
			port_list_add(&t->ports, &left.items[i], c->arena);
	}
	/* what is published is exposed */
	for (size_t i = 0; i < t->ports.count; i++)
		port_list_add(&exposed, &t->ports.items[i], c->arena);
	publish_expose(&exposed);
	publish_keys(&exposed, false, &d->exposed_ports, c->arena);
	return 0;
}

static const char *host_name(struct arena *a)
{
	char name[256] = "";

	if (gethostname(name, sizeof(name) - 1) < 0)
		return "localhost";
	return arena_strdup(a, name);
}

static const struct docker_endpoint *find_endpoint(
	const struct docker_networking_config *n, const char *network)
{
	for (size_t i = 0; i < n->endpoints.count; i++)
		if (strcmp(network_name(n->endpoints.items[i].network), network) == 0)
			return &n->endpoints.items[i];
	return NULL;
}

static int add_endpoint(const struct translate_context *c, const char *network,
	const struct docker_endpoint *asked, const char *mac, struct translation *t,
	struct err *err)
{
	struct network_endpoint *e = &t->wish.endpoints.items[t->wish.endpoints.count++];

	*e = (struct network_endpoint){.network = network, .mac = mac};
	if (!asked)
		return 0;
	if (is_set(asked->mac_address) && is_set(mac) && strcmp(asked->mac_address, mac) != 0)
		return err_set(err, E_USAGE,
			"conflicting MAC addresses for network %.100s: %.40s and %.40s", network,
			mac, asked->mac_address);
	if (is_set(asked->mac_address))
		e->mac = asked->mac_address;
	if (is_set(asked->ipam.ipv6_address))
		return err_set(err, E_UNSUPPORTED,
			"EndpointsConfig.%.100s.IPAMConfig.IPv6Address: kist's networks have IPv4 only",
			network);
	if (asked->aliases.count && strcmp(network, NETWORK_DEFAULT) == 0)
		return err_set(err, E_USAGE,
			"network-scoped alias is supported only for containers in user defined networks");
	if (is_set(asked->ipam.ipv4_address) && strcmp(network, NETWORK_DEFAULT) == 0)
		return err_set(err, E_USAGE,
			"user specified IP address is supported on user defined networks only");
	e->aliases = asked->aliases;
	if (is_set(asked->ipam.ipv4_address))
		strings_add(c->arena, &e->addresses, asked->ipam.ipv4_address);
	return 0;
}

/* NetworkMode's network comes first, and has the ports and the way out. */
static int set_endpoints(const struct translate_context *c, const struct docker_body *body,
	const char *mode, struct translation *t, struct err *err)
{
	const struct docker_networking_config *n = &body->networking;
	const struct docker_endpoint *first = find_endpoint(n, mode);
	struct network_wish *w = &t->wish;

	w->endpoints.items = arena_array(
		c->arena, n->endpoints.count + 1, sizeof(*w->endpoints.items));
	if (add_endpoint(c, mode, first, body->config.mac_address, t, err) < 0)
		return -err->code;
	for (size_t i = 0; i < n->endpoints.count; i++) {
		const struct docker_endpoint *e = &n->endpoints.items[i];
		const char *name = network_name(e->network);

		if (e == first)
			continue;
		if (is(name, NETWORK_HOST) || is(name, NETWORK_NONE))
			return err_set(err, E_USAGE,
				"conflicting options: container cannot join '%s' and other networks",
				name);
		if (add_endpoint(c, name, e, NULL, t, err) < 0)
			return -err->code;
	}
	w->endpoints.items[0].ports = t->ports;
	w->container_id = c->id;
	w->name = c->name;
	w->hostname = t->docker.config.hostname;
	w->dns = body->host.dns;
	w->dns_search = body->host.dns_search;
	w->dns_options = body->host.dns_options;
	w->extra_hosts = body->host.extra_hosts;
	w->files = c->directory;
	w->held = c->held;
	return 0;
}

static bool asks_for_network(const struct translate_context *c, const struct docker_body *body)
{
	const char *mode = body->host.network_mode;

	/* "default" is what docker's client says when nobody asked */
	return !c->no_network || (is_set(mode) && strcmp(mode, "default") != 0) ||
		body->networking.endpoints.count;
}

int translate_network(const struct translate_context *c, const struct docker_body *body,
	struct translation *t, struct err *err)
{
	struct docker_host_config *h = &t->docker.host_config;
	struct docker_config *d = &t->docker.config;
	const char *mode = network_name(h->network_mode);
	bool host_uts;

	if (set_ports(c, t, err) < 0)
		return -err->code;
	if (!asks_for_network(c, body) && !t->ports.count)
		h->network_mode = mode = NETWORK_NONE;
	host_uts = is(mode, NETWORK_HOST) || is_set(h->uts_mode);
	if (!is_set(d->hostname))
		d->hostname = host_uts ? host_name(c->arena) : arena_strndup(c->arena, c->id, 12);
	if (is(mode, NETWORK_HOST) || is(mode, NETWORK_NONE)) {
		const struct docker_networking_config *n = &body->networking;

		if (t->ports.count && is(mode, NETWORK_HOST))
			strings_add(c->arena, &t->warnings,
				"Published ports are discarded when using host network mode");
		t->ports = (struct port_list){0};
		for (size_t i = 0; i < n->endpoints.count; i++)
			if (!is(n->endpoints.items[i].network, mode) ||
				is_set(n->endpoints.items[i].ipam.ipv4_address) ||
				is_set(n->endpoints.items[i].mac_address) ||
				n->endpoints.items[i].aliases.count)
				return err_set(err, E_USAGE,
					"conflicting options: network '%s' takes no other network and no "
					"address",
					mode);
		return 0;
	}
	return set_endpoints(c, body, mode, t, err);
}
