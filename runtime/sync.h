/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime and the process it makes say to each other, over a SOCK_SEQPACKET pair. */
#ifndef KIST_RUNTIME_SYNC_H
#define KIST_RUNTIME_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

struct interrupts;

enum sync_kind {
	SYNC_MAPPED = 1, /* to the child: the user namespace's mappings are written */
	SYNC_BORN,   /* to the parent, with the pid: another process goes on, we end; and back */
	SYNC_CGROUP, /* to the child: it is in its cgroups */
	SYNC_HOOKS,  /* to the parent: namespaces and mounts are there, run createRuntime */
	SYNC_HOOKS_DONE, /* to the child, with its pid in the runtime's namespace */
	SYNC_READY,      /* to the parent: everything but the program itself */
	SYNC_GO,         /* to the child, with its pid as SYNC_HOOKS_DONE: the record is on disk */
	SYNC_OPEN,       /* to the opener, with what to open */
	SYNC_ERROR,      /* to the parent, with the error; the child ends */
};

/* Returns 0. pid goes with SYNC_BORN, SYNC_HOOKS_DONE, SYNC_GO and SYNC_OPEN. */
int sync_send(int sock, enum sync_kind kind, int32_t pid, struct err *err);

/* Report why the child ends; nothing more can be done when this fails, too. */
void sync_send_error(int sock, const struct err *why);

/*
 * The next message: its kind, or the child's own error when it is SYNC_ERROR. E_CHILD when the
 * other side is gone, EINTR when a signal of interrupts comes first. pid and interrupts may be
 * NULL.
 */
int sync_receive(int sock, struct interrupts *interrupts, int32_t *pid, struct err *err);

/* Has the other side sent an error that we have not read yet? Never blocks. */
bool sync_error_waits(int sock, struct err *err);

/* As sync_receive(), for exactly this kind. Returns 0. */
int sync_expect(int sock, struct interrupts *interrupts, enum sync_kind kind, int32_t *pid,
	struct err *err);

#endif
