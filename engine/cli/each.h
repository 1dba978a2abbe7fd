/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs that take several objects: each is done, failures are told one by one, and the status is 1.
 */
#ifndef KIST_ENGINE_EACH_H
#define KIST_ENGINE_EACH_H

#include "engine/verb/state.h"

/* A container with all that is known of it. */
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
 * Find by name, with its state. flags: STORED_CONTAINER_LOCK to take its lock, or SUBJECT_STARTED.
 * Returns 0 or E_NOT_FOUND.
 */
int subject_find(
	struct engine *e, const char *name, unsigned flags, struct subject *s, struct err *err);

/*
 * Take the container's lock, when nobody starts or ends it any more, and read its state again.
 * Returns 0, or E_NOT_FOUND when it was removed meanwhile.
 */
int subject_lock(struct engine *e, struct subject *s, struct err *err);

/* Adds the steps for one container to e->plan, or does something itself. Returns 0 or an error. */
typedef int each_verb(struct engine *e, struct subject *s, const void *options, struct err *err);

/*
 * Find each container that the call names, let verb plan its steps, do them, and print the
 * name as it was given (quiet: not). Returns the exit status.
 */
int each_container(const struct cli_call *call, struct engine *e, unsigned flags, each_verb *verb,
	bool quiet, struct err *err);

#endif
