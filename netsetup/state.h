/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kist-netsetup keeps on disk, and who is alive.
 *
 *   ROOT/networks/<name>.json        a network as it was created
 *   RUN/networks/<name>/active.json  the network as it is set up now; written before its bridge
 *                                    is made, removed after it is gone
 *   RUN/networks/<name>/lock         flock while addresses, bridge and rules change
 *   RUN/networks/<name>/<address>    an address in use: the container's id
 *   RUN/endpoints/<id>.json          what was made for a container; written before it is made
 *   RUN/ports/<proto>-<port>/<ip>    a published port: the container's id (0.0.0.0: every address)
 *   RUN/ports/lock                   flock while ports are taken
 *
 * An endpoint is alive while its record is there and its network namespace is still mounted. What
 * belongs to one that is not alive may be taken away by anybody.
 */
#ifndef KIST_NETSETUP_STATE_H
#define KIST_NETSETUP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"
#include "lib/place.h"
#include "netsetup/config.h"

#define STATE_LINK_NAME_MAX 16

struct state {
	int root;                            /* ROOT, -1: not there */
	int run, endpoints, networks, ports; /* directories below RUN */
	struct place place;
};

#define STATE_INIT                                                                                 \
	{                                                                                          \
		-1, -1, -1, -1, -1,                                                                \
		{                                                                                  \
			NULL, NULL, NULL                                                           \
		}                                                                                  \
	}

struct endpoint {
	const char *id, *netns;
	const char *network;       /* NULL: no network */
	const char *bridge, *link; /* host side */
	const char *address;       /* NULL: not taken yet */
	LIST_OF(struct config_port) ports;
};

/* Open or make the directories. root and run: see place_find(). */
int state_open(struct state *s, const char *root, const char *run, struct err *err);
void state_close(struct state *s);

#define own_state __attribute__((cleanup(state_close)))

/* The container's record. Returns 0, or E_NOT_FOUND. */
int endpoint_load(const struct state *s, struct arena *a, const char *id, struct endpoint *e,
	struct err *err);
int endpoint_save(const struct state *s, const struct endpoint *e, struct err *err);
int endpoint_forget(const struct state *s, const char *id, struct err *err);

bool endpoint_alive(const struct state *s, const char *id);

/*
 * Write name whole or not at all, through the temporary name temp, which only one process uses at
 * a time: so one that was killed leaves no more than that, and the next one takes it over.
 */
int state_publish(
	int dirfd, const char *temp, const char *name, const struct buf *text, struct err *err);

/* The id in a file of one line; "" when it cannot be read. */
const char *state_owner(struct arena *a, int dirfd, const char *name);

#endif
