/* SPDX-License-Identifier: Apache-2.0 */
/* --network and what belongs to it, -p, -P and --expose. */
#include <string.h>

#include "engine/cli/run/options.h"
#include "engine/docker/publish.h"

/* "NETWORK", or "name=NETWORK,alias=X,ip=ADDRESS,mac-address=MAC". */
static int parse_network(
	const char *text, struct docker_endpoint *e, struct arena *a, struct err *err)
{
	char *copy = arena_strdup(a, text), *save = NULL;

	*e = (struct docker_endpoint){.network = text};
	if (!strchr(text, '='))
		return 0;
	e->network = NULL;
	for (char *word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		char *value = strchr(word, '=');

		if (!value)
			return err_set(err, E_USAGE,
				"invalid argument \"%s\" for \"--network\" flag: invalid field %s",
				text, word);
		*value++ = '\0';
		if (strcmp(word, "name") == 0)
			e->network = value;
		else if (strcmp(word, "alias") == 0)
			strings_add(a, &e->aliases, value);
		else if (strcmp(word, "ip") == 0)
			e->ipam.ipv4_address = value;
		else if (strcmp(word, "mac-address") == 0)
			e->mac_address = value;
		else
			return err_set(err, E_UNSUPPORTED,
				"invalid argument \"%s\" for \"--network\" flag: kist does not have "
				"'%s'",
				text, word);
	}
	if (!e->network)
		return err_set(err, E_USAGE,
			"invalid argument \"%s\" for \"--network\" flag: network name/id is not "
			"specified",
			text);
	return 0;
}

/* The first network's, which also --network-alias, --ip and --mac-address are for. */
static int add_flags(
	const struct run_options *o, struct docker_endpoint *e, struct arena *a, struct err *err)
{
	if (o->ip && e->ipam.ipv4_address)
		return err_set(err, E_USAGE,
			"conflicting options: cannot specify both --ip and per-network IPv4 address");
	if (o->mac_address && e->mac_address)
		return err_set(err, E_USAGE,
			"conflicting options: cannot specify both --mac-address and per-network MAC "
			"address");
	if (o->network_alias.count && e->aliases.count)
		return err_set(err, E_USAGE,
			"conflicting options: cannot specify both --network-alias and per-network "
			"alias");
	run_take(&e->aliases, &o->network_alias, a);
	if (o->ip)
		e->ipam.ipv4_address = o->ip;
	if (o->mac_address)
		e->mac_address = o->mac_address;
	return 0;
}

static bool says_something(const struct docker_endpoint *e)
{
	return e->aliases.count || e->ipam.ipv4_address || e->mac_address;
}

/* As docker's client has it: one network of which nothing more is said stands in NetworkMode only.
 */
static int set_endpoints(
	const struct run_options *o, struct docker_body *body, struct arena *a, struct err *err)
{
	static const char *const unnamed[] = {"default"};
	const char *const *names = o->network.count ? (const char *const *)o->network.items
						    : unnamed;
	size_t count = o->network.count ? o->network.count : 1;
	struct docker_endpoint *endpoints = arena_array(a, count, sizeof(*endpoints));

	for (size_t i = 0; i < count; i++) {
		if (parse_network(names[i], &endpoints[i], a, err) < 0 ||
			(i == 0 && add_flags(o, &endpoints[i], a, err) < 0))
			return -err->code;
		for (size_t j = 0; j < i; j++)
			if (strcmp(endpoints[j].network, endpoints[i].network) == 0)
				return err_set(err, E_USAGE,
					"conflicting options: cannot attach container to network '%s' more "
					"than once",
					endpoints[i].network);
	}
	body->host.network_mode = endpoints[0].network;
	if (count > 1 || says_something(&endpoints[0])) {
		body->networking.endpoints.items = endpoints;
		body->networking.endpoints.count = count;
	}
	return 0;
}

int run_network(
	const struct run_options *o, struct docker_body *body, struct arena *a, struct err *err)
{
	struct docker_host_config *h = &body->host;
	struct port_list ports = {0}, exposed = {0};
	struct port p;

	run_take(&h->dns, &o->dns, a);
	run_take(&h->dns_options, &o->dns_option, a);
	run_take(&h->dns_search, &o->dns_search, a);
	run_take(&h->extra_hosts, &o->add_host, a);
	h->publish_all_ports = o->publish_all;
	for (size_t i = 0; i < o->publish.count; i++)
		if (publish_parse(o->publish.items[i], &ports, a, err) < 0)
			return -err->code;
	for (size_t i = 0; i < o->expose.count; i++) {
		if (publish_parse_expose(o->expose.items[i], &p, a, err) < 0)
			return -err->code;
		port_list_add(&exposed, &p, a);
	}
	for (size_t i = 0; i < ports.count; i++)
		port_list_add(&exposed, &ports.items[i], a);
	publish_expose(&exposed);
	publish_keys(&exposed, false, &body->config.exposed_ports, a);
	h->port_bindings = publish_bindings(&ports, false, a);
	return set_endpoints(o, body, a, err);
}
