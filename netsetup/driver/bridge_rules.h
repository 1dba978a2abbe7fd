/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The packet filter of one network: an nftables table of its own, named like its bridge. Published
 * ports are elements of two maps, so that a packet finds its own in constant time:
 *
 *   ports      address . protocol . port : container's address . port
 *   ports_any  protocol . port : ...     for ports published on every address of the host
 *   rows, rows_any                       the same for ports in a row that have the same numbers in
 *                                        the container: one element, an interval, for a row; made
 *                                        when the first row is published
 *
 *   raw          from the bridge, from or to 127.0.0.0/8: dropped. (With route_localnet on the
 *                bridge a container could otherwise reach what listens on the host's loopback.)
 *   prerouting   what others send: published ports, but never for 127.0.0.0/8 (a neighbour on the
 *                same network could otherwise reach what is published on 127.0.0.1)
 *   output       what the host itself sends: published ports, also on 127.0.0.1
 *   forward      into the network: answers, traffic within it, published ports; nothing else
 *   postrouting  masquerading: out of the network; hairpin, that is from a container through a
 *                published port back into the network; from the host's 127.0.0.1
 */
#ifndef KIST_NETSETUP_BRIDGE_RULES_H
#define KIST_NETSETUP_BRIDGE_RULES_H

#include <stddef.h>

#include "netsetup/ip.h"
#include "netsetup/nft.h"
#include "spec/port.h"

#define RULES_TABLE_MAX 32

/* The table's name: the bridge's, with "kist-" in front unless it begins with "kist". */
void rules_table_name(const char *bridge, char name[RULES_TABLE_MAX]);

/* Make the table with everything but ports; no change when it is there. Returns 0. */
int rules_ensure(
	struct netlink *nl, const char *bridge, const struct ip_subnet *subnet, struct err *err);

int rules_remove(struct netlink *nl, const char *bridge, struct err *err); /* missing: no error */

/* Publish ports of the container at address, all or none. Returns 0. */
int rules_publish(struct netlink *nl, const char *bridge, uint32_t address,
	const struct port_list *ports, struct err *err);

/* Withdraw them; those that are missing are no error. */
int rules_withdraw(
	struct netlink *nl, const char *bridge, const struct port_list *ports, struct err *err);

#endif
