/* SPDX-License-Identifier: Apache-2.0 */
/* Taking away, for a caller that has the container's directory locked. */
#ifndef KIST_NETSETUP_TEARDOWN_H
#define KIST_NETSETUP_TEARDOWN_H

#include "netsetup/host.h"
#include "spec/network_wish.h"

/*
 * Whatever the container has, by its records and, for what they do not know, by its id. netns: its
 * namespace when no record tells (removed only below RUN/netns, where none but ours are), or NULL.
 * The directory and its lock stay. Goes on after a failure and returns the first; a record that
 * cannot be read is warned of.
 */
int teardown_parts(struct host *h, int dir, const char *netns, const struct network_wish *wish,
	struct err *err);

/* The same, and the directory goes when nothing has failed. */
int teardown_locked(struct host *h, int dir, const char *netns, const struct network_wish *wish,
	struct err *err);

/* Only the wish's endpoints. */
int detach_locked(struct host *h, int dir, const struct network_wish *wish, struct err *err);

#endif
