/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way to start a child. It has the descriptors that are named, 0, 1 and 2, and no others,
 * whatever our own caller left open; nothing of socket activation (LISTEN_FDS and the like, which
 * would say otherwise); and whatever fails in it before its program runs is told to our caller.
 */
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
	SPAWN_DIE_WITH_PARENT = 2, /* PR_SET_PDEATHSIG SIGKILL, also when we are gone by then */
	SPAWN_INHERIT = 4,         /* as a shell's exec: what is not O_CLOEXEC stays open, and
				      LISTEN_* in the environment; for programs that a person
				      named, never for one that works for a container */
};

/* 0, 1 and 2 are inherited unless fds names them. Zeroed is valid but for argv. */
struct spawn {
	const char *path;        /* what is executed; NULL: argv[0] */
	const char *const *argv; /* argv[0] without '/' is looked up by program_find(), then PATH */
	const char *const *envp; /* as it stands; NULL: our environment without LISTEN_* */
	struct spawn_fd fds[SPAWN_FDS_MAX];
	size_t nfds; /* more than fit make spawn_start() fail with E_LIMIT */
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
 * Start the child. When anything in it fails before its program runs, so does this call, with the
 * child's own code and message, and no child is left. Needs close_range(2) of Linux 5.11. Returns
 * 0; the caller must child_wait().
 */
int spawn_start(const struct spawn *sp, struct child *child, struct err *err);

/*
 * Become the program: as spawn_start(), but in this process, and sp->setup is not called. Returns
 * only on failure; descriptors are then no longer what they were.
 */
int spawn_become(const struct spawn *sp, struct err *err);

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

/*
 * What a program said last, when its stderr was a file (memfd_create()): the last line, without
 * "kist-PROGRAM: " in front. It lives in *text; NULL when there is none.
 */
const char *spawn_said(int file, struct buf *text);

#endif
