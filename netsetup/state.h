/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-netsetup keeps on disk.
 *
 *   ROOT/networks/<name>.json         a network as it was created
 *   RUN/networks/<name>/active.json   the network as it is set up now; written before its bridge
 *                                     is made, removed after it is gone
 *   RUN/networks/<name>/lock          flock while addresses, bridge and rules change
 *   RUN/networks/<name>/<address>     an address in use: the container's id
 *   RUN/endpoints/<id>/               a container; flock on it while its network is changed
 *   RUN/endpoints/<id>/.container     what it may have, and who keeps it alive; see endpoint.h
 *   RUN/endpoints/<id>/<network>.json what was made for it on one network; written before it is
 * made RUN/ports/<proto>-<port>/<ip>     a published port: "<id>/<network>" (0.0.0.0: every
 * address) RUN/ports/ranges/<proto>-<first>-<last>-<ip>     published ports in a row RUN/ports/lock
 * flock while ports are taken; its content is the number of the free one that was given last
 *
 * Each file that is not written in place is published through one temporary name, beneath the lock.
 */
#ifndef KIST_NETSETUP_STATE_H
#define KIST_NETSETUP_STATE_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/place.h"

struct state {
	int root;                            /* ROOT, -1: not there */
	int run, endpoints, networks, ports; /* directories below RUN */
	struct place place;
};

#define STATE_INIT                                                                                 \
	{                                                                                          \
		.root = -1, .run = -1, .endpoints = -1, .networks = -1, .ports = -1                \
	}

/*
 * Open or make the directories; root and run as for place_find(). state_close() closes what was
 * opened, also after a failure.
 */
int state_open(struct state *s, const char *root, const char *run, struct err *err);
void state_close(struct state *s);

#define own_state __attribute__((cleanup(state_close)))

/*
 * Write name whole or not at all, through the temporary name temp, which only one process uses at
 * a time: so one that was killed leaves no more than that, and the next one takes it over.
 */
int state_publish(
	int dirfd, const char *temp, const char *name, const struct buf *text, struct err *err);

/*
 * A file of one line: whose the address or port is, in the arena; "" when whoever made it was
 * killed before it wrote. Returns 0, or -ENOENT.
 */
int state_owner(struct arena *a, int dirfd, const char *name, const char **owner, struct err *err);

#endif
