/* SPDX-License-Identifier: Apache-2.0 */
/* Records of what was made for containers, and whether anybody still keeps a container alive. */
#ifndef KIST_NETSETUP_ENDPOINT_H
#define KIST_NETSETUP_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "netsetup/netlink.h"
#include "netsetup/state.h"
#include "spec/network_wish.h"

#define ENDPOINT_LINK_MAX 16 /* IFNAMSIZ */

/* One network that a container has, or is about to get. */
struct tenant_endpoint {
	const char *network, *driver;
	const char *link; /* the host's end */
};

/* RUN/endpoints/<id>/.container: written before the first part of it is made. */
struct tenant {
	const char *id;
	const char *netns;     /* path of its namespace */
	bool made;             /* the namespace is ours; else our caller's, and never removed */
	const char *held;      /* see struct network_wish */
	int64_t caller;        /* the process that asked, and when it was started: it stands in */
	uint64_t caller_start; /* until somebody holds that file */
	LIST_OF(struct tenant_endpoint) endpoints;
};

/* RUN/endpoints/<id>/<network>.json */
struct endpoint {
	const char *id, *network, *driver;
	const char *interface; /* inside */
	const char *link;      /* the host's end */
	const char *bridge;
	const char *address;      /* "10.88.0.2" */
	uint64_t namespace_inode; /* of the container's network namespace */
	const char *mac;
	struct strings aliases;
	struct port_list ports;
	/* only in a record of the older form, a file for each container: */
	const char *netns;
};

struct endpoint_list {
	struct endpoint *items;
	size_t count;
};

enum tenant_lock_flags {
	TENANT_MAKE = 1, /* the directory, when it is missing */
	TENANT_TRY = 2,  /* E_IN_USE while another process works on the same container */
};

/* Open and lock RUN/endpoints/<id>. Returns the descriptor, or E_NOT_FOUND. */
int tenant_lock(const struct state *s, const char *id, unsigned flags, struct err *err);

/* With the lock held: its record. Returns 0, or E_NOT_FOUND. Strings live in the arena. */
int tenant_load(int dir, struct arena *a, struct tenant *t, struct err *err);
int tenant_save(int dir, const struct tenant *t, struct err *err);

/* With the lock held: remove record and directory. */
int tenant_forget(const struct state *s, int dir, const char *id, struct err *err);

/*
 * The records of its endpoints, also those of older programs: RUN/endpoints/<id>.json. Returns 0,
 * or the first error, which names the file; *list then has the others.
 */
int endpoints_load(const struct state *s, int dir, const char *id, struct arena *a,
	struct endpoint_list *list, struct err *err);
int endpoint_save(int dir, const struct endpoint *e, struct err *err);
int endpoint_forget(const struct state *s, int dir, const struct endpoint *e, struct err *err);

/* What an address or a port says of whose it is: "<id>/<network>". In the arena. */
const char *endpoint_key(struct arena *a, const char *id, const char *network);

/* The name of the host's end of the veth pair: of a hash, so that it is known without a record. */
void endpoint_link_name(const char *id, const char *network, char name[ENDPOINT_LINK_MAX]);

/* The process that started us, as proof of life; caller is 0 when there is none to be seen. */
void tenant_set_caller(struct tenant *t);

/*
 * With the lock held: does somebody keep it alive? That is, the process that asked is still there,
 * the file of t->held is locked, or a process is in the namespace; without t->held: its links are
 * there. A mount proves nothing, and is not even seen in every mount namespace.
 */
bool tenant_alive(
	const struct tenant *t, const struct endpoint_list *endpoints, const struct netlink *route);

#endif
