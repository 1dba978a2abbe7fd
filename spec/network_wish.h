/* SPDX-License-Identifier: Apache-2.0 */
/* What kist-netsetup is asked to give one container: a document, an endpoint for each network. */
#ifndef KIST_SPEC_NETWORK_WISH_H
#define KIST_SPEC_NETWORK_WISH_H

#include "lib/schema.h"
#include "spec/port.h"

/* The networks that are there without being made. */
#define NETWORK_DEFAULT "default" /* the bridge that containers join unasked */
#define NETWORK_HOST    "host"    /* the host's own namespace */
#define NETWORK_NONE    "none"    /* a namespace with nothing but its loopback */

struct network_endpoint {
	const char *network;      /* its name; host and none stand alone */
	const char *driver;       /* NULL: the network's own; another one is refused */
	const char *interface;    /* inside; NULL: eth0, eth1, ... by the endpoint's place */
	const char *mac;          /* "02:42:0a:58:00:02"; NULL: follows from the address */
	struct strings addresses; /* "10.88.0.7", at most one; none: a free one */
	struct strings aliases;   /* further names of the container on this network */
	struct port_list ports;
};

struct network_wish {
	const char *container_id; /* required: what is made is found again by it */
	const char *name, *hostname;
	LIST_OF(struct network_endpoint) endpoints; /* the first one has the default route */
	struct strings dns, dns_search, dns_options;
	struct strings
		extra_hosts; /* "name:address"; "host-gateway" is the first bridge's address */
	const char *files;   /* directory for hosts, hostname and resolv.conf; NULL: not written */
	/*
	 * A file on which somebody holds an flock(2) for as long as the container lives: without it
	 * (and without the process that asked) what was made may be swept away. NULL: it stays
	 * until it is torn down, or its namespace is gone.
	 */
	const char *held;
};

extern const struct schema network_wish_schema;

#endif
