/* SPDX-License-Identifier: Apache-2.0 */
/* The container that a verb is about, with all that is known of it. */
#ifndef KIST_ENGINE_SUBJECT_H
#define KIST_ENGINE_SUBJECT_H

#include "engine/verb/state.h"

struct subject {
	const char *name;                   /* as it was given */
	const char *id, *full_name;         /* in the engine's arena: they outlive the container */
	struct stored_container *container; /* the session's */
	struct docker_container docker;
	struct container_state state;
	bool unfinished; /* its maker was killed: see SUBJECT_UNFINISHED */
	bool gone;       /* settling has removed it: there is no container any more */
	struct store_session *session;
};

void subject_release(struct subject *s); /* the session's container is closed */

#define own_subject __attribute__((cleanup(subject_release)))

/* Let a start that is under way come to its end, so that what looks running has a process. */
#define SUBJECT_STARTED 0x100

/*
 * One whose monitor was killed is settled first (docs/state.md): steps that are done at once. What
 * only looks, or ends in an error otherwise, does not ask for it. One with --rm is not found then,
 * or is gone.
 */
#define SUBJECT_SETTLED     0x200
#define SUBJECT_MAY_BE_GONE 0x400

/* Also by the ID of one that is being made, or whose maker was killed. Else it is not found. */
#define SUBJECT_UNFINISHED 0x800

/*
 * Find by name, with its state, and begin its part of the plan; the session's container is this one
 * then. flags: STORED_CONTAINER_LOCK to take its lock, and those above. Returns 0 or E_NOT_FOUND.
 */
int subject_find(
	struct engine *e, const char *name, unsigned flags, struct subject *s, struct err *err);

/*
 * Take the container's lock, when nobody starts or ends it any more, and read its state again.
 * Returns 0, or E_NOT_FOUND when it was removed meanwhile.
 */
int subject_lock(struct engine *e, struct subject *s, struct err *err);

/* Tell what has happened to it, unless only the plan is wanted. */
void subject_event(
	const struct engine *e, const struct subject *s, struct sink *sink, const char *action);

/*
 * A step failed with E_EXISTS: when another container than id (NULL: any) has the name, docker says
 * whose it is. Returns -err->code.
 */
int subject_name_taken(struct engine *e, const char *name, const char *id, struct err *err);

/* Is there a process, running or frozen? */
bool subject_runs(const struct subject *s);

/*
 * A program that was to do something with a running container failed: r and *err say how. When the
 * container has ended meanwhile, that is why. Returns r, E_NOT_RUNNING, or E_NOT_FOUND.
 */
int subject_blame(struct engine *e, struct subject *s, int r, struct err *err);

/* The same as an error: E_NOT_RUNNING "container ID is not running". */
int subject_check_running(const struct subject *s, struct err *err);

#endif
