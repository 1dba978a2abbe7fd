/* SPDX-License-Identifier: Apache-2.0 */
/* The one way to start a child: descriptors named, nothing else inherited, failure to exec told. */
#ifndef KIST_LIB_SPAWN_H
#define KIST_LIB_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

#define SPAWN_FDS_MAX 16

struct spawn_fd {
	int fd;       /* ours; -1 gives /dev/null */
	int child_fd; /* its number in the child */
};

enum spawn_flags {
	SPAWN_SETSID = 1,
	SPAWN_DIE_WITH_PARENT = 2, /* PR_SET_PDEATHSIG SIGKILL */
};

/* 0, 1 and 2 are inherited unless fds names them; every other descriptor of ours must be O_CLOEXEC.
 */
struct spawn {
	const char *path;        /* what is executed; NULL: argv[0] */
	const char *const *argv; /* argv[0] without '/' is looked up by program_find(), then PATH */
	const char *const *envp; /* NULL: our environment */
	struct spawn_fd fds[SPAWN_FDS_MAX];
	size_t nfds;
	unsigned flags;
	/*
	 * Called in the child after its descriptors are in place (as a full fork, not vfork); a
	 * failure is reported to spawn_start()'s caller. NULL: none.
	 */
	int (*setup)(void *arg, struct err *err);
	void *setup_arg;
};

struct child {
	pid_t pid;
	char name[32];
};

/* Add "child sees our fd as child_fd". */
void spawn_pass(struct spawn *sp, int fd, int child_fd);

/*
 * Start the child. When its exec or setup fails, so does this call, and no child is left.
 * Returns 0; the caller must child_wait().
 */
int spawn_start(const struct spawn *sp, struct child *child, struct err *err);

/* Wait for the end. *status gets the exit status, or 128 + the signal. Returns 0. */
int child_wait(struct child *child, int *status, struct err *err);

/* Start and wait; a status other than 0 is E_CHILD ("'prog' failed with status N"). */
int spawn_run(const struct spawn *sp, struct err *err);

/* As spawn_run, with the child's stdout appended to *out (at most max bytes). */
int spawn_capture(struct spawn *sp, size_t max, struct buf *out, struct err *err);

/*
 * Find one of our own programs: beside the running executable (the build tree), in
 * ../libexec/kist from there, in the directories configure was given, then in PATH.
 * *path is the caller's to free.
 */
int program_find(const char *name, char **path, struct err *err);

#endif
