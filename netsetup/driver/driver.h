/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network drivers. What is the same for all (records, leases, published ports as numbers, which
 * network is set up) is done by their callers; a driver is what is done to the kernel.
 */
#ifndef KIST_NETSETUP_DRIVER_H
#define KIST_NETSETUP_DRIVER_H

#include "netsetup/endpoint.h"
#include "netsetup/host.h"
#include "netsetup/network.h"

/* The container's side of an endpoint. */
struct inside {
	int netns;
	struct netlink route;
	bool default_route; /* the endpoint gets it */
};

struct driver {
	const char *name;

	/*
	 * Complete a definition that is about to be kept: what it leaves open is chosen, what it
	 * says is checked against what this host has. Returns 0.
	 */
	int (*create)(struct host *h, struct network *n, struct err *err);

	/*
	 * With the network's lock held: all that its endpoints share is there afterwards. active:
	 * it was set up before (its parts may be missing all the same); else it is recorded with
	 * network_save_active() before its first part is made. Returns 0 with n->index.
	 */
	int (*up)(struct host *h, const struct network_lock *lock, struct network *n, bool active,
		struct err *err);

	/* Make the recorded endpoint, with its published ports. Returns 0. */
	int (*attach)(struct host *h, const struct network *n, const struct endpoint *e,
		struct inside *in, struct err *err);

	/* Remove it; what is missing is no error. Goes on after a failure and returns the first. */
	int (*detach)(struct host *h, const struct endpoint *e, struct err *err);

	/* With the lock held, and no endpoint left: undo up. Missing parts are no error. */
	int (*down)(struct host *h, const struct network *n, struct err *err);
};

extern const struct driver driver_bridge;

/* The driver of that name; NULL is bridge. NULL with E_UNSUPPORTED, which names those there are. */
const struct driver *driver_find(const char *name, struct err *err);

/*
 * With the lock held: the network as it is set up, which is done when it is not. Returns its
 * driver, or NULL with *err set.
 */
const struct driver *driver_network_up(struct host *h, const struct network_lock *lock,
	const char *name, struct network *n, struct err *err);

/*
 * With the lock held: take the network down unless somebody has an address in it. bridge: its
 * interface, should the record of its being set up be damaged; or NULL. Returns 0.
 */
int driver_network_down(struct host *h, const struct network_lock *lock, const char *name,
	const char *bridge, struct err *err);

#endif
