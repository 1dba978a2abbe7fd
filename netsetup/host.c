/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/host.h"

void host_init(struct host *h, const struct state *s, struct arena *a)
{
	*h = (struct host){.state = s, .arena = a, .route.fd = -1, .filter.fd = -1};
}

void host_release(struct host *h)
{
	netlink_release(&h->route);
	netlink_release(&h->filter);
}

static struct netlink *open_once(struct netlink *nl, int protocol, struct err *err)
{
	return nl->fd < 0 && netlink_open(nl, protocol, err) < 0 ? NULL : nl;
}

struct netlink *host_route(struct host *h, struct err *err)
{
	return open_once(&h->route, NETLINK_ROUTE, err);
}

struct netlink *host_filter(struct host *h, struct err *err)
{
	return open_once(&h->filter, NETLINK_NETFILTER, err);
}
