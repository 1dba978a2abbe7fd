/* SPDX-License-Identifier: Apache-2.0 */
/* Bridges, veth pairs, addresses and routes, as rtnetlink messages put into a batch. */
#ifndef KIST_NETSETUP_LINK_H
#define KIST_NETSETUP_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "netsetup/ip.h"
#include "netsetup/netlink.h"

/* The index of an interface in the socket's network namespace; 0 when there is none. */
unsigned link_index(const struct netlink *nl, const char *name);

bool link_is_up(const struct netlink *nl, const char *name);

/* A bridge with a fixed MAC, down. An existing interface of that name is EEXIST. */
void link_add_bridge(
	struct netlink *nl, const char *name, const unsigned char mac[6], unsigned mtu);

/* The other end of a veth pair, down, in the namespace netns. */
struct link_peer {
	int netns;
	const char *name;
	unsigned char mac[6];
};

/* A veth pair: name here, up and a port of the bridge, and its peer. */
void link_add_veth(struct netlink *nl, const char *name, unsigned bridge,
	const struct link_peer *peer, unsigned mtu);

/*
 * The bridge sends back to the port a packet came from. Needed where br_netfilter makes the bridge
 * itself translate addresses, for a container that reaches itself through a published port.
 */
void link_hairpin(struct netlink *nl, const char *name);

void link_up(struct netlink *nl, unsigned index, const char *name);

/* A missing one is no error. */
void link_delete(struct netlink *nl, const char *name);

void link_add_address(struct netlink *nl, unsigned index, uint32_t address, unsigned bits);
void link_add_default_route(struct netlink *nl, uint32_t gateway);

/* Does a route of the host lead into the subnet (other than the default route)? 0, 1 or negative.
 */
int link_subnet_in_use(struct netlink *nl, const struct ip_subnet *subnet, struct err *err);

#endif
