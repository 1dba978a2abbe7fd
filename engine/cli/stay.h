/* SPDX-License-Identifier: Apache-2.0 */
/* Staying in the foreground, at a terminal: signals go on, the terminal is given back at the end.
 */
#ifndef KIST_ENGINE_STAY_H
#define KIST_ENGINE_STAY_H

#include "engine/cli/foreground.h"
#include "engine/verb/starting.h"

struct terminal_stay {
	struct stay stay; /* for a request */
	struct foreground foreground;
	bool proxy;
};

/* No stream is used yet: the caller says which. proxy: signals go on to the container. */
void stay_init(struct terminal_stay *t, bool proxy);

#endif
