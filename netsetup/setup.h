/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs on a container: give it its networks, one more, take one away, take all away. */
#ifndef KIST_NETSETUP_SETUP_H
#define KIST_NETSETUP_SETUP_H

#include "lib/err.h"
#include "netsetup/state.h"
#include "spec/network_result.h"
#include "spec/network_wish.h"

/*
 * What an earlier, perhaps killed, setup of the same container made is removed first. On failure
 * nothing of this one is left. netns: an absolute path; a namespace that is not there is made (and
 * then removed by teardown), our own is refused. *result's strings live in the arena. Returns 0.
 */
int setup(const struct state *s, const char *netns, struct network_wish *wish, struct arena *a,
	struct network_result *result, struct err *err);

/*
 * Add the wish's endpoints to a container that is set up; *result has only them. On failure none of
 * them is left. E_EXISTS when it is in one of the networks. Returns 0.
 */
int attach(const struct state *s, struct network_wish *wish, struct arena *a,
	struct network_result *result, struct err *err);

/* Take the wish's endpoints away, and leave the others. Missing ones are no error. */
int detach(const struct state *s, const struct network_wish *wish, struct err *err);

/*
 * Take all of the container's endpoints away, whatever the wish says, and the namespace if setup
 * made it. netns: where it was set up, in case no record tells. What is missing is no error; goes
 * on after a failure and returns the first.
 */
int teardown(
	const struct state *s, const char *netns, const struct network_wish *wish, struct err *err);

/* How many containers a sweep looks at; SWEEP_ALL for all. */
#define SWEEP_SOME 4
#define SWEEP_ALL  0

/*
 * Tear down containers that nobody keeps alive (tenant_alive()) and nobody works on. Returns how
 * many there were. What cannot be torn down is left to a later one.
 */
int sweep(const struct state *s, size_t limit);

#endif
