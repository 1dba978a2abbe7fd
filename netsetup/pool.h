/* SPDX-License-Identifier: Apache-2.0 */
/* Subnets for networks that do not ask for one. */
#ifndef KIST_NETSETUP_POOL_H
#define KIST_NETSETUP_POOL_H

#include "netsetup/host.h"
#include "netsetup/network.h"

/*
 * Give *n a subnet that no other network has and that no route of this host leads into (but the
 * default one): n->d.subnet. Returns 0, or E_IN_USE.
 */
int pool_choose(struct host *h, struct network *n, struct err *err);

/* Has another network of ours a subnet that overlaps *n's? Returns 0, or E_IN_USE naming it. */
int pool_check_promised(struct host *h, const struct network *n, struct err *err);

/* Does a route of this host lead into *n's subnet? Returns 0, or E_IN_USE. */
int pool_check_routes(struct host *h, const struct network *n, struct err *err);

#endif
