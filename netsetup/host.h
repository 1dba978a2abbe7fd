/* SPDX-License-Identifier: Apache-2.0 */
/* What one verb works with on the host's side: its state and its conversations with the kernel. */
#ifndef KIST_NETSETUP_HOST_H
#define KIST_NETSETUP_HOST_H

#include "lib/err.h"
#include "lib/mem.h"
#include "netsetup/netlink.h"
#include "netsetup/state.h"

struct host {
	const struct state *state;
	struct arena *arena; /* for what lives as long as the verb */
	struct netlink route, filter;
};

/* Opens nothing yet. host_release() closes what was opened. */
void host_init(struct host *h, const struct state *s, struct arena *a);
void host_release(struct host *h);

#define own_host __attribute__((cleanup(host_release)))

/* rtnetlink and nftables in the host's network namespace, opened once. NULL with *err set. */
struct netlink *host_route(struct host *h, struct err *err);
struct netlink *host_filter(struct host *h, struct err *err);

#endif
