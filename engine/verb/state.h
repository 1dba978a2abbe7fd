/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which state a container is, told from what lies on disk and who holds which lock
 * (docs/state.md, Rules): nobody keeps a list of what runs.
 */
#ifndef KIST_ENGINE_STATE_H
#define KIST_ENGINE_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/docker/docker.h"
#include "engine/verb/engine.h"
#include "spec/runtime_config.h"
#include "store/container.h"

enum container_status { STATUS_CREATED, STATUS_RUNNING, STATUS_PAUSED, STATUS_EXITED };

struct container_state {
	enum container_status status;
	pid_t monitor; /* while it runs; else 0 */
	int64_t exit_code;
	bool oom_killed;
	bool unreadable;   /* its exit record is damaged: error says which file */
	bool unsettled;    /* its monitor was killed; what it has left may still run */
	const char *error; /* why it was not started, or "" */
	const char *started_at, *finished_at; /* RFC 3339; docker's zero time when there is none */
};

/* docker's words: "created", "running", "paused", "exited". */
const char *container_status_name(enum container_status status);

/*
 * Read a container's state; nothing is changed by it. One whose monitor was killed reads as exited
 * with status 137 and the reason, and is unsettled. Strings live in the engine's arena. Returns 0.
 */
int container_state_read(struct engine *e, const struct container_record *record,
	struct container_state *state, struct err *err);

/* The engine's part of a record. Returns 0. */
int container_docker(const struct container_record *record, struct docker_container *docker,
	struct arena *a, struct err *err);

/* The container's config.json, in the engine's arena. Returns 0; ENOENT: none was made yet. */
int container_config(struct engine *e, const struct stored_container *c,
	struct runtime_config *config, struct err *err);

/* The container's first process, asked of the runtime. Returns the pid, or E_NOT_RUNNING. */
int container_pid(struct engine *e, const struct stored_container *c,
	const struct docker_container *docker, struct err *err);

#endif
