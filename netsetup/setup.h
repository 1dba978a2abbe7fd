/* SPDX-License-Identifier: Apache-2.0 */
/* The two verbs: give a container its network, and take all of it away again. */
#ifndef KIST_NETSETUP_SETUP_H
#define KIST_NETSETUP_SETUP_H

#include "lib/err.h"
#include "lib/json.h"
#include "netsetup/config.h"
#include "netsetup/state.h"

/*
 * What an earlier, perhaps killed, setup of the same container made is removed first. On failure
 * nothing of this one is left. *result is the document for stdout, in the arena. Returns 0.
 */
int setup(const struct state *s, const char *netns, struct config *c, struct arena *a,
	struct json **result, struct err *err);

/* Whatever is missing is no error; goes on after a failure and returns the first. */
int teardown(const struct state *s, const char *netns, const struct config *c, struct err *err);

/* The name of the host's end of the container's veth pair. */
void setup_link_name(const char *id, char name[STATE_LINK_NAME_MAX]);

#endif
