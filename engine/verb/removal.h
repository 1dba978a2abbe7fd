/* SPDX-License-Identifier: Apache-2.0 */
/* The steps that end a container's run for good, and those that take the container away. */
#ifndef KIST_ENGINE_REMOVAL_H
#define KIST_ENGINE_REMOVAL_H

#include "engine/verb/state.h"

/*
 * What follows a container's end: its network goes and, with --rm, so does the container. The
 * monitor's exit command calls it, which the monitor waits for: held. Adds steps to the plan.
 */
void container_plan_ended(struct engine *e, const struct stored_container *c,
	const struct docker_container *docker, bool held);

/* What a killed monitor has left: its processes end, its exit record is written, then as above. */
void container_plan_settle(
	struct engine *e, const struct stored_container *c, const struct docker_container *docker);

/*
 * Remove an ended container, and with volumes also its anonymous volumes that no other one has;
 * held: also while its monitor waits for us. The caller holds its lock; the last step lets go of
 * it, when all is done.
 */
void container_plan_remove(struct engine *e, const struct stored_container *c,
	const struct docker_container *docker, bool volumes, bool held);

#endif
