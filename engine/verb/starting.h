/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a container that was made: network, monitor, and whoever stays while it runs. */
#ifndef KIST_ENGINE_STARTING_H
#define KIST_ENGINE_STARTING_H

#include "engine/docker/docker.h"
#include "engine/verb/engine.h"
#include "lib/spawn.h"
#include "store/container.h"

/*
 * The caller's part while a container runs in the foreground, with the caller's own stdin, stdout
 * and stderr. The functions are the mouth's.
 */
struct stay {
	bool use_stdin, use_stdout, use_stderr;
	bool terminal;           /* stdin is one */
	const char *detach_keys; /* typed there, they leave the container; NULL: the usual ones */
	/* Before the program is started: tty says that the container has a terminal of its own. */
	void (*begin)(struct stay *stay, bool tty);
	/*
	 * Until the program has ended: returns its exit status. Or until it says at the pipe left
	 * that the container goes on without us (spec/ready_line.h): 0 when the detach keys were
	 * typed, 128 + SIGPIPE when nobody reads what the container writes.
	 */
	int (*wait)(struct stay *stay, struct child *child, int left, struct err *err);
	void (*end)(struct stay *stay);
};

struct starting {
	struct engine *engine;
	const char *id;
	const struct docker_container *docker;
	struct stay *stay; /* NULL: it runs in the background */
};

/*
 * Add the steps that start the container. *s must live until they are done, when the session's
 * container is this one, locked; the lock is released. With stay the plan's
 * status is the container's; errors of the start have codes E_COMMAND_NOT_FOUND (127) and
 * E_COMMAND_NOT_EXECUTABLE (126).
 */
void container_plan_start(struct starting *s);

/*
 * The monitor's step, in this process: for the session's command (store/session.h). Returns 0, with
 * stay the container's exit status, or an error.
 */
int starting_command(struct starting *s, struct tool_mount *place, const struct tool_io *io,
	const char *const argv[], struct err *err);

/* Refuse what cannot work before anything is made: "the input device is not a TTY". Returns 0. */
int starting_check_terminal(
	const struct docker_container *docker, const struct stay *stay, struct err *err);

#endif
