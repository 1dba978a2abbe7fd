/* SPDX-License-Identifier: Apache-2.0 */
/* Networks: what they are (JSON files), and their bridge and rules while somebody uses them. */
#ifndef KIST_NETSETUP_NETWORK_H
#define KIST_NETSETUP_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "netsetup/ip.h"
#include "netsetup/netlink.h"
#include "netsetup/state.h"

#define NETWORK_DEFAULT "default"

struct network {
	const char *name, *bridge, *subnet_text, *gateway_text, *created;
	int64_t mtu; /* 0: the kernel's default */
	struct ip_subnet subnet;
	uint32_t gateway;
};

/* Read and check a network's document. Returns 0. */
int network_parse(struct arena *a, const struct json *doc, struct network *n, struct err *err);
struct json *network_document(struct arena *a, const struct network *n);

/*
 * The network as created (ROOT/networks/NAME.json). Without a file there is still "default", whose
 * bridge and subnet are then chosen when it is set up: n->bridge is NULL. E_NOT_FOUND for others.
 */
int network_load(const struct state *s, struct arena *a, const char *name, struct network *n,
	struct err *err);

/*
 * A bridge's name and a subnet that nothing on this host uses: kist0 and 10.88.0.0/16, or the next.
 * What *n has already is kept. Returns 0.
 */
int network_choose(const struct state *s, struct arena *a, struct netlink *route, struct network *n,
	struct err *err);

/* RUN/networks/NAME while it is locked. */
struct network_lock {
	int dir, fd;
};

int network_lock(
	const struct state *s, const char *name, struct network_lock *lock, struct err *err);
void network_unlock(struct network_lock *lock);

#define own_network_lock __attribute__((cleanup(network_unlock)))

/*
 * With the lock held: the network as it is set up, with its bridge, address and rules, which are
 * made when they are missing. *index gets the bridge's. Returns 0.
 */
int network_up(const struct state *s, struct arena *a, const struct network_lock *lock,
	const char *name, struct netlink *route, struct netlink *filter, struct network *n,
	unsigned *index, struct err *err);

/* With the lock held, and nobody left in it: remove bridge and rules. */
int network_down(
	struct arena *a, const struct network_lock *lock, const char *name, struct err *err);

/* Let connections from the host's 127.0.0.1 through the bridge; see rules.h for what guards it. */
int network_allow_loopback(const char *bridge, struct err *err);

/* With the lock held: an address for the container id, recorded as a lease. Returns 0. */
int lease_take(const struct state *s, const struct network_lock *lock, const struct network *n,
	const char *id, struct netlink *filter, uint32_t *address, struct err *err);

/* With the lock held: give it back. address NULL: look for all that belong to id. */
int lease_release(
	const struct network_lock *lock, const char *address, const char *id, struct err *err);

/* With the lock held: does a living container have an address? Leases of dead ones are removed. */
int lease_any(const struct state *s, const struct network_lock *lock, struct err *err);

/* Take away from the packet filter what a container that is gone had published. */
void endpoint_reclaim(const struct state *s, const char *id, struct netlink *filter);

#endif
