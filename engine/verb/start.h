/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a container that was made: network, monitor, and the caller's part while it runs. */
#ifndef KIST_ENGINE_START_H
#define KIST_ENGINE_START_H

#include "engine/docker/docker.h"
#include "engine/verb/engine.h"
#include "store/container.h"

struct start {
	struct engine *engine;
	const char *id;
	const struct docker_container *docker;
	struct stored_container
		*container; /* open and locked when the steps are done; the lock is released */
	int *mount;         /* its root file system if it is mounted already, or -1 */
	bool attach;        /* stay, with these streams, until it has ended */
	bool use_stdin, use_stdout, use_stderr;
	bool no_sig_proxy;
};

/*
 * Add the steps that start the container. *s must live until they are done. With attach the plan's
 * status is the container's; errors of the start have codes E_COMMAND_NOT_FOUND (127) and
 * E_COMMAND_NOT_EXECUTABLE (126).
 */
void container_plan_start(struct start *s);

/* Refuse what cannot work before anything is made: "the input device is not a TTY". Returns 0. */
int start_check_terminal(const struct docker_container *docker, bool use_stdin, struct err *err);

#endif
