/* SPDX-License-Identifier: Apache-2.0 */
/* Descriptors 0, 1 and 2 of a container's program, which are its caller's. */
#ifndef KIST_RUNTIME_STDIO_H
#define KIST_RUNTIME_STDIO_H

#include <sys/types.h>

#include "lib/err.h"

/*
 * In the container's root, with the rights to mount: those of the three that are a null device are
 * opened anew, from the container's /dev/null or, when that is something else, from one that
 * nobody else has. The caller's is the host's file, and through /proc/self/fd the container's root
 * could change its mode and owner for the whole machine. Returns 0.
 */
int stdio_own_null(struct err *err);

/*
 * Give those of the three that are pipes, sockets or files to a user: through /dev/stdout the
 * program opens them anew, and they are its caller's. What cannot be given stays as it is, and so
 * do devices, which are the host's. Returns 0.
 */
int stdio_give(uid_t uid, struct err *err);

#endif
