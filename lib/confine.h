/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each program gives up before it reads the first byte that others wrote: capabilities, new
 * privileges, files (Landlock), system calls (seccomp). One table says it of all; docs/security.md
 * repeats the table, and tests prove it.
 */
#ifndef KIST_LIB_CONFINE_H
#define KIST_LIB_CONFINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

enum confine_program {
	CONFINE_DOCKERFILE,
	CONFINE_BUILD_PROBE,
	CONFINE_ARCHIVE,
	CONFINE_LAYER_UNPACK,
	CONFINE_LAYER_UNPACK_OVERLAY,
	CONFINE_LAYER_READ,
	CONFINE_LOGIN,
	CONFINE_PULL_STREAM,
	CONFINE_PULL_STORE,
	CONFINE_PUSH,
	CONFINE_PROGRAMS, /* how many there are */
};

/* Each forbids execve(2) but the first. Without Landlock file permissions are what is left. */
enum confine_files {
	CONFINE_FILES_ANY,
	CONFINE_FILES_WRITE_BENEATH, /* make, write and remove beneath directories that are named */
	CONFINE_FILES_READ_BENEATH,  /* read beneath them, and nothing else about any file */
	CONFINE_FILES_BENEATH,       /* anything beneath them, and nothing else about any file */
};

/*
 * Groups of system calls. One that is not in a policy's groups fails with ENOSYS, as on a kernel
 * that does not have it: libraries then try an older one, or say so, while EPERM is taken for the
 * answer to what was asked. Executable memory is refused by EPERM: that call does exist.
 */
enum confine_calls {
	CONFINE_CALLS_ANY = 0,
	CONFINE_CALLS_STREAM = 1,     /* read and write what is open, memory, the end */
	CONFINE_CALLS_FILES = 2,      /* open, make, change and remove files */
	CONFINE_CALLS_READ = 4,       /* open and look at files */
	CONFINE_CALLS_THREADS = 8,    /* threads that run already: wait, signal each other */
	CONFINE_CALLS_NO_KERNEL = 16, /* instead of a list: all but what changes the kernel's or
					 another process's state, or is its attack surface */
	CONFINE_CALLS_NO_MOUNTS = 32, /* with it: nor mounts, namespaces, programs */
	CONFINE_CALLS_SPLICE = 64,    /* move what is open from one to another */
};

struct confine_policy {
	const char *program;   /* as docs/security.md names it */
	uint64_t capabilities; /* kept of those it has: 1 << CAP_... */
	enum confine_files files;
	unsigned calls;
	bool starts_programs; /* that need rights: no_new_privs stays off, the bounding set is cut
			       */
};

extern const struct confine_policy confine_policies[CONFINE_PROGRAMS];

/*
 * Give up all that the program's policy does not keep, for good. beneath: the directories of its
 * files, which have to exist; NULL or empty: none. Descriptors that are open stay usable. Threads
 * that run already lose system calls alone. Returns 0.
 */
int confine_enter(enum confine_program program, const struct strv *beneath, struct err *err);

/* The two halves of confine_enter(), for who starts threads between them: everything but calls ...
 */
int confine_rights(enum confine_program program, const struct strv *beneath, struct err *err);
/* ... and the filter of system calls, over all threads. */
int confine_calls(enum confine_program program, struct err *err);

#endif
