/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of the host that containers have published: a file each, see state.h. */
#ifndef KIST_NETSETUP_PORTS_H
#define KIST_NETSETUP_PORTS_H

#include <stddef.h>

#include "lib/err.h"
#include "netsetup/config.h"
#include "netsetup/netlink.h"
#include "netsetup/state.h"

/*
 * Take all ports for the container id, or none. A host_port of 0 is replaced by a free one. A port
 * that another container has published, or that a process of this host listens on, is E_IN_USE:
 * "Bind for 127.0.0.1:80 failed: port is already allocated". Returns 0.
 */
int ports_take(const struct state *s, struct config_port *ports, size_t count, const char *id,
	struct netlink *filter, struct err *err);

/* Give back those that are id's. */
int ports_release(const struct state *s, const struct config_port *ports, size_t count,
	const char *id, struct err *err);

/* Give back whatever is id's, when nobody knows any more what that was. */
int ports_release_all(const struct state *s, const char *id, struct err *err);

#endif
