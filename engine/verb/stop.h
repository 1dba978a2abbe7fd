/* SPDX-License-Identifier: Apache-2.0 */
/* Ending containers: the steps of kill, stop, restart and rm -f. */
#ifndef KIST_ENGINE_STOP_H
#define KIST_ENGINE_STOP_H

#include "engine/cli/each.h"

/* -t of stop and restart. */
struct optional_seconds {
	bool given;
	int64_t seconds;
};

/* For cli_option.parse. */
int stop_parse_seconds(const char *value, void *field, struct err *err);

/* Is there a process? Else E_NOT_RUNNING "container ID is not running". */
int stop_check_running(const struct subject *s, struct err *err);

/* Send a signal through the runtime. Returns the step. */
struct step *stop_plan_kill(struct engine *e, struct subject *s, int signo);

/* Wait until the monitor has let go of its lock. */
void stop_plan_wait(struct engine *e, struct subject *s);

/*
 * Take the container's lock, see subject_lock(); E_IN_USE when somebody started it meanwhile. In a
 * script there is no such step.
 */
void stop_plan_lock(struct engine *e, struct subject *s);

/*
 * The stop signal, as long a wait as is wanted (timeout in seconds; -1: for ever), then SIGKILL.
 * signal NULL: what the container says, else SIGTERM. *s must live until the steps are done.
 */
int stop_plan(struct engine *e, struct subject *s, const char *signal,
	const struct optional_seconds *timeout, struct err *err);

#endif
