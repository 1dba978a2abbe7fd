/* SPDX-License-Identifier: Apache-2.0 */
/* Ports of the host that containers have published: a file for each or for a row, see state.h. */
#ifndef KIST_NETSETUP_PORTS_H
#define KIST_NETSETUP_PORTS_H

#include "lib/err.h"
#include "netsetup/state.h"
#include "spec/port.h"

/*
 * Take all ports for owner (endpoint_key()), or none. A host_port of 0 is replaced by a free one,
 * for a row by the first of that many free ones. A port that another container has published, or
 * that a process of this host listens on, is E_IN_USE: "the port 127.0.0.1:80/tcp is in use".
 */
int ports_take(const struct state *s, struct port_list *ports, const char *owner, struct err *err);

/* Give back those that are owner's. Returns 0. */
int ports_release(
	const struct state *s, const struct port_list *ports, const char *owner, struct err *err);

/* Give back whatever is owner's, when nobody knows any more what that was. Returns 0. */
int ports_release_all(const struct state *s, const char *owner, struct err *err);

#endif
