/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking part in a container's run through its monitor (spec/attach.h), also in one that is yet to
 * be started: then the monitor comes to us before the container's first byte.
 */
#ifndef KIST_ENGINE_VERB_JOIN_H
#define KIST_ENGINE_VERB_JOIN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/verb/engine.h"
#include "spec/attach_socket.h"

struct join {
	struct engine *engine;
	const char *id;             /* the container's, in the engine's arena */
	int socket;                 /* of the attach protocol; -1: the monitor is not there yet */
	int waiting;                /* where it comes to; -1: it need not */
	int run_dir;                /* RUN/containers/ID */
	char name[ATTACH_NAME_MAX]; /* of the waiting socket in it */
	char *state_dir;            /* ROOT/containers/ID */
	int watch;                  /* inotify: it is taken away */
	int lock;                   /* its lock, not held: who takes it away holds it */
};

#define JOIN_INIT                                                                                  \
	{                                                                                          \
		.socket = -1, .waiting = -1, .run_dir = -1, .watch = -1, .lock = -1                \
	}

void join_release(struct join *j);

#define own_join __attribute__((cleanup(join_release)))

/*
 * Join the run that goes on, or the next one: when this returns, nothing of it is missed. id: the
 * whole one. Returns 0.
 */
int join_begin(struct join *j, struct engine *e, const char *id, struct err *err);

/* Wait until j->socket is there. Returns 0, or E_NOT_FOUND when the container was removed first. */
int join_wait_start(struct join *j, struct err *err);

/*
 * Wait until the run has ended, and take no part in its input and output. Returns 0 with its exit
 * status, or E_NOT_FOUND when the container was removed before it was started.
 */
int join_wait_exit(struct join *j, int64_t *status, struct err *err);

/*
 * Wait until the container does not run, and tell with which status its last run ended; 0 when it
 * was never started. E_NOT_FOUND when it has been removed meanwhile.
 */
int join_last_status(struct engine *e, const char *id, int64_t *status, struct err *err);

/* Wait until the container was removed: nothing of it is left then. Returns 0. */
int join_wait_gone(struct join *j, struct err *err);

#endif
