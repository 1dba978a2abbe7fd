/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/pool.h"

#include <stdio.h>

#include "lib/own.h"
#include "netsetup/link.h"

#define POOL_BLOCKS 128

struct overlap {
	struct ip_subnet subnet;
	char name[NETWORK_NAME_MAX + 1]; /* of the network that has it */
};

static int look_at_network(const struct network *n, void *arg)
{
	struct overlap *o = arg;

	if (!ip_overlap(&n->subnet, &o->subnet))
		return 0;
	snprintf(o->name, sizeof(o->name), "%s", n->d.name);
	return 1;
}

int pool_choose(struct host *h, struct network *n, struct err *err)
{
	struct netlink *route = host_route(h, err);

	if (!route)
		return -err->code;
	for (uint32_t i = 0; i < POOL_BLOCKS; i++) {
		struct overlap o = {.subnet = {10u << 24 | (88 + i) << 16, 16}};
		char text[IP_SUBNET_TEXT_MAX];
		int used = network_each(h->state, n->d.name, look_at_network, &o, err);

		if (!used)
			used = link_subnet_in_use(route, &o.subnet, err);
		if (used < 0)
			return used;
		if (used)
			continue;
		ip_format_subnet(&o.subnet, text);
		n->d.subnet = arena_strdup(h->arena, text);
		return 0;
	}
	return err_set(err, E_IN_USE,
		"no subnet is free for network %s: other networks have, or routes of this host lead "
		"into, all from 10.88.0.0/16 to 10.215.0.0/16 (give --subnet)",
		n->d.name);
}

int pool_check_promised(struct host *h, const struct network *n, struct err *err)
{
	struct overlap o = {.subnet = n->subnet};
	int used = network_each(h->state, n->d.name, look_at_network, &o, err);

	if (used <= 0)
		return used;
	return err_set(err, E_IN_USE, "the subnet %s overlaps with that of network %s", n->d.subnet,
		o.name);
}

int pool_check_routes(struct host *h, const struct network *n, struct err *err)
{
	struct netlink *route = host_route(h, err);
	int used = route ? link_subnet_in_use(route, &n->subnet, err) : -err->code;

	if (used <= 0)
		return used;
	return err_set(err, E_IN_USE,
		"cannot set up network %s: a route of this host leads into its subnet %s (create "
		"the network with another --subnet)",
		n->d.name, n->d.subnet);
}
