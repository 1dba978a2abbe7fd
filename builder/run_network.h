/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The network of a build: one namespace on the default network, made by kist-netsetup for the first
 * RUN that is executed, used by all, and taken down at the end.
 */
#ifndef KIST_BUILDER_RUN_NETWORK_H
#define KIST_BUILDER_RUN_NETWORK_H

#include "lib/err.h"
#include "lib/place.h"

struct run_network {
	char *netns; /* path of the namespace; NULL: there is none yet */
	char *files; /* directory with hosts and resolv.conf */
};

/*
 * Make it unless it is there. workspace is the path of the build's workspace, whose flock says that
 * the network is in use; hostname stands in hosts. Returns 0.
 */
int run_network_open(struct run_network *n, const struct place *place, const char *workspace,
	const char *hostname, struct err *err);

/* Take it down. */
void run_network_close(struct run_network *n, const struct place *place, const char *workspace);

/* In a workspace that a killed build left: what that build had not taken down. */
void run_network_collect(const struct place *place, const char *workspace);

#endif
