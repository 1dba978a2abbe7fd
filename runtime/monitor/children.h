/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The processes that the monitor waits for: the runtime's calls, the container's first process,
 * whatever else runs for a container. One row for each, with what is to be done when it has ended.
 */
#ifndef KIST_RUNTIME_CHILDREN_H
#define KIST_RUNTIME_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/spawn.h"

/* raw: as waitpid() gave it */
typedef void child_ended(void *arg, int raw);

struct child_row {
	pid_t pid;
	child_ended *ended;
	void *arg;
};

struct children {
	struct child_row *rows;
	size_t count, room;
	/*
	 * A process that came to us (we are a subreaper) is not waited for, as one of them may get
	 * a row yet.
	 */
	bool keep_orphans;
};

void children_release(struct children *c);

/* Start one; ended(arg, raw) is called by children_reap(). Returns its pid, or an error. */
pid_t children_start(
	struct children *c, const struct spawn *sp, child_ended *ended, void *arg, struct err *err);

/* The same for a process that is our child already. */
void children_adopt(struct children *c, pid_t pid, child_ended *ended, void *arg);

bool children_have(const struct children *c, child_ended *ended, void *arg);

/*
 * Wait, without waiting, for all that have ended; a row has left the table when its function is
 * called, which may add others. Orphans without a row just go.
 */
void children_reap(struct children *c);

#endif
