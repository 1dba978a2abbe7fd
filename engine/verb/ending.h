/* SPDX-License-Identifier: Apache-2.0 */
/* Ending a container: the steps that kill, stop, restart and rm -f share. */
#ifndef KIST_ENGINE_ENDING_H
#define KIST_ENGINE_ENDING_H

#include "engine/verb/subject.h"

/* Send a signal through the runtime, which a frozen container gets, too. Returns the step. */
struct step *ending_plan_kill(struct engine *e, struct subject *s, int signo);

/*
 * SIGKILL, and wait until the monitor has let go of its lock. What cannot get the signal any more
 * has ended by itself just now, and its monitor soon has.
 */
void ending_plan_last_kill(struct engine *e, struct subject *s);

/* The second half of that alone. */
void ending_plan_killed(struct engine *e, struct subject *s);

/*
 * Take the lock of a container that has ended, see subject_lock(). Nothing when only the plan is
 * wanted. Returns 0, or 1 when somebody has started it meanwhile: *s says how it is then.
 */
int ending_lock(struct engine *e, struct subject *s, struct err *err);

/*
 * The stop signal, as long a wait as is wanted (seconds; -1: for ever; NULL: what the container
 * says, else 10), then SIGKILL. signal NULL: what the container says, else SIGTERM. *s must live
 * until the steps are done. Returns 0, or E_USAGE for a signal that there is not.
 */
int ending_plan_stop(struct engine *e, struct subject *s, const char *signal,
	const int64_t *timeout, struct err *err);

#endif
