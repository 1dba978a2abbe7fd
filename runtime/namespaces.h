/* SPDX-License-Identifier: Apache-2.0 */
/* Which namespaces a container gets new, and which it joins by path or from another process. */
#ifndef KIST_RUNTIME_NAMESPACES_H
#define KIST_RUNTIME_NAMESPACES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"
#include "spec/linux_config.h"

enum namespace_type {
	NAMESPACE_USER, /* first: joining it gives the right to join the others */
	NAMESPACE_PID,
	NAMESPACE_NETWORK,
	NAMESPACE_IPC,
	NAMESPACE_UTS,
	NAMESPACE_CGROUP,
	NAMESPACE_TIME,
	NAMESPACE_MOUNT, /* last: it changes what paths mean */
	NAMESPACES,
};

struct namespaces {
	uint64_t new_flags;  /* CLONE_NEW* of all that are made */
	uint64_t join_flags; /* of all that are joined by path */
	uint64_t own_flags;  /* of all that are not the host's, however they are written */
	int fds[NAMESPACES]; /* of those to join; -1 */
};

void namespaces_release(struct namespaces *ns);

#define own_namespaces __attribute__((cleanup(namespaces_release)))

/*
 * Open what is joined and check that it is a namespace of its kind. A container without a mount
 * namespace is E_UNSUPPORTED. Returns 0.
 */
int namespaces_plan(struct namespaces *ns, const struct linux_config *l, struct err *err);

/* "network" and the like: the CLONE_NEW* flag, 0 for an unknown word. */
uint64_t namespace_flag(const char *type);

/*
 * What clone3(2) makes. The cgroup namespace comes later, when the process is in its cgroup; a time
 * namespace's offsets are written before anybody is in it.
 */
uint64_t namespaces_clone_flags(const struct namespaces *ns);

/*
 * Is a user namespace joined by path? The new namespaces have to belong to it, so they are made by
 * a process that has joined it: a first child, of which the container's process is an heir.
 */
bool namespaces_join_user(const struct namespaces *ns);

/* Is a pid namespace joined by path? Others may be there, who see what is born into it. */
bool namespaces_join_pid(const struct namespaces *ns);

/* Our children are born into the pid namespace that is joined. Returns 0. */
int namespaces_enter_pid(const struct namespaces *ns, struct err *err);

/* In the child: join all others but the pid namespace. Returns 0. */
int namespaces_join(const struct namespaces *ns, struct err *err);

/*
 * A new time namespace with its offsets: for the children born from now on and, since Linux 6.1,
 * for what we execute. Returns 0. namespaces_leave_time() goes back to the one saved before.
 */
int namespaces_new_time(const struct linux_config *l, struct err *err);
void namespaces_leave_time(int saved);

/* Bring up the loopback interface of the network namespace we are in. Returns 0. */
int namespaces_loopback(struct err *err);

/*
 * clone3(2) as fork(2): 0 in the child. With *into (a descriptor of a cgroup of version 2) the
 * child is born in it; where the kernel will not, *into becomes -1 and it has to be moved. Returns
 * the pid, or -1 with errno.
 */
pid_t namespaces_clone(uint64_t flags, int *into);

#endif
