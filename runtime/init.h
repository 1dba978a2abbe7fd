/* SPDX-License-Identifier: Apache-2.0 */
/* The container's first process, from its birth to the execution of its program. */
#ifndef KIST_RUNTIME_INIT_H
#define KIST_RUNTIME_INIT_H

#include <stdbool.h>

#include "runtime/instance.h"
#include "runtime/namespaces.h"
#include "runtime/process.h"
#include "runtime/rootfs.h"

struct init {
	const struct runtime_config *config;
	struct instance *container; /* for its state; and its lock, which the child shares */
	struct namespaces namespaces;
	struct rootfs rootfs;
	struct process process;
	int sync;     /* the child's end */
	int listener; /* start.sock: wait there for "start"; -1: go on by itself */
	int console;  /* where the terminal's master is sent; -1: no terminal */
	bool no_pivot;
};

/* Does the child wait for SYNC_CGROUP? The parent sends accordingly. */
bool init_needs_cgroup(const struct init *i);

/* In the child. Does not return. */
void init_main(struct init *i) __attribute__((noreturn));

/*
 * Open a terminal in the devpts at /dev/pts beneath root and send its master over sock. Returns
 * the slave; the caller closes it. Also for exec.
 */
int init_open_terminal(int root, int sock, const struct process_config *p, struct err *err);

#endif
