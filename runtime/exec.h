/* SPDX-License-Identifier: Apache-2.0 */
/* One more process in a running container. */
#ifndef KIST_RUNTIME_EXEC_H
#define KIST_RUNTIME_EXEC_H

#include <sys/types.h>

#include "lib/err.h"
#include "runtime/foreground.h"
#include "runtime/instance.h"
#include "runtime/process.h"

struct exec {
	struct instance *container;
	struct process process;
	const char *console_socket; /* NULL: the master comes back in "master" when it is ours */
	const char *pid_file;
	const char *pidfd_socket; /* gets a pidfd of it; NULL: none */
	const struct strv
		*cgroup; /* below the container's: "[CONTROLLER,...:]PATH"; NULL: its own */
	struct interrupts *interrupts; /* what ends the waiting; NULL: nothing */
	/* results */
	pid_t pid;
	int master; /* -1: none */
};

/*
 * Start it: when 0 is returned the program has been executed. E_COMMAND_NOT_FOUND and
 * E_COMMAND_NOT_EXECUTABLE as in a container's own start, EINTR when a signal of interrupts came
 * before that; no process is left then.
 */
int exec_start(struct exec *e, struct err *err);

#endif
