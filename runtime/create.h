/* SPDX-License-Identifier: Apache-2.0 */
/* Making a container, as the parent of its first process: shared by create and run. */
#ifndef KIST_RUNTIME_CREATE_H
#define KIST_RUNTIME_CREATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "runtime/cgroup.h"
#include "runtime/foreground.h"
#include "runtime/init.h"
#include "runtime/instance.h"

struct create_options {
	const char *root;           /* of all containers */
	const char *id, *bundle;    /* bundle NULL: the current directory */
	const char *console_socket; /* NULL: none */
	const char *pid_file;
	const char *pidfd_socket; /* gets a pidfd of the process; NULL: none */
	unsigned preserve_fds;
	bool no_pivot, no_new_keyring;
	bool wait_for_start;           /* create: the process waits for "start" */
	bool foreground;               /* run without --detach: we hold the terminal ourselves */
	struct interrupts *interrupts; /* what ends the waiting for the process; NULL: nothing */
};

struct birth {
	const struct create_options *options;
	struct instance container;
	struct runtime_config config; /* in the container's arena */
	struct cgroup cgroup;
	struct seccomp_filter filter;
	struct init init;
	int sync;         /* our end */
	int console;      /* where the child sends the master to us; -1 */
	int child_sync;   /* the child's end, closed once it is born */
	int opener;       /* the opener's end, until it has it */
	pid_t pid;        /* 0: no child yet */
	pid_t opener_pid; /* 0: none */
	bool made;        /* the id is taken: undo when something fails */
};

void birth_init(struct birth *c, const struct create_options *options);

/* Closes and frees; what stands on disk and runs stays. */
void birth_release(struct birth *c);

#define own_birth __attribute__((cleanup(birth_release)))

/*
 * Make the container up to where its program would be executed: recorded, its process waiting (on
 * start.sock, or for birth_go()). When it fails nothing is left. Returns 0.
 */
int birth_make(struct birth *c, struct err *err);

/* Let the process go on; run only: until it executes its program, or the reason why not. */
int birth_go(struct birth *c, struct err *err);

/* Kill the process and remove all that was made. The first error stays the caller's. */
void birth_undo(struct birth *c);

/* Kill the container's first process and wait for its end, also of one that is frozen. Returns 0.
 */
int instance_end(const struct instance *c, struct err *err);

/*
 * The poststart hooks. When one fails the container ends, and is destroyed unless it is to be kept
 * (runtime-spec 1.3, runtime.md, Lifecycle). Returns 0.
 */
int instance_started(
	struct instance *c, const struct runtime_config *config, bool keep, struct err *err);

/* The end of a container: poststop hooks, cgroups, record. Its process must be dead. Returns 0. */
int instance_destroy(struct instance *c, const struct runtime_config *config, struct err *err);

/* Send a pidfd of the process over the AF_UNIX socket at path. Returns 0. */
int send_pidfd(const char *path, pid_t pid, struct err *err);

/* Write the pid in decimal to the file, at once or not at all. Returns 0. */
int write_pid_file(const char *path, pid_t pid, struct err *err);

#endif
