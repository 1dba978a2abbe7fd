/* SPDX-License-Identifier: Apache-2.0 */
/* The container that a verb is about, with all that is known of it. */
#ifndef KIST_ENGINE_SUBJECT_H
#define KIST_ENGINE_SUBJECT_H

#include "engine/verb/state.h"

struct subject {
	const char *name; /* as it was given */
	struct stored_container container;
	struct docker_container docker;
	struct container_state state;
	int mount; /* see struct start */
};

#define SUBJECT_INIT                                                                               \
	{                                                                                          \
		.container = STORED_CONTAINER_INIT, .mount = -1                                    \
	}

void subject_release(struct subject *s);

#define own_subject __attribute__((cleanup(subject_release)))

/* Let a start that is under way come to its end, so that what looks running has a process. */
#define SUBJECT_STARTED 0x100

/*
 * Find by name, with its state, and begin its part of the plan. flags: STORED_CONTAINER_LOCK to
 * take its lock, or SUBJECT_STARTED. Returns 0 or E_NOT_FOUND.
 */
int subject_find(
	struct engine *e, const char *name, unsigned flags, struct subject *s, struct err *err);

/*
 * Take the container's lock, when nobody starts or ends it any more, and read its state again.
 * Returns 0, or E_NOT_FOUND when it was removed meanwhile.
 */
int subject_lock(struct engine *e, struct subject *s, struct err *err);

/* Is there a process, running or frozen? */
bool subject_runs(const struct subject *s);

/* The same as an error: E_NOT_RUNNING "container ID is not running". */
int subject_check_running(const struct subject *s, struct err *err);

#endif
