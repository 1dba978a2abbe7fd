/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In a user namespace the container's first process is root of its own files and anybody to the
 * host's: below a directory that is closed to others it finds neither the bundle nor what is to be
 * mounted. A process with the runtime's own rights, which joins its mount namespace, opens them for
 * it there: a descriptor from the runtime's mount namespace would be of mounts that are not its
 * own.
 */
#ifndef KIST_RUNTIME_OPENER_H
#define KIST_RUNTIME_OPENER_H

#include <sys/types.h>

#include "lib/err.h"

struct rootfs;

#define OPENER_ROOT (-1) /* instead of a mount's place in the list: the root file system */

/*
 * Make the process, for the one with this pid, which holds the other end of sock. It ends with it,
 * or with us. Returns its pid; the caller waits for it.
 */
pid_t opener_start(const struct rootfs *r, pid_t pid, int sock, struct err *err);

/*
 * In the container's first process: the source of entry i of "mounts", or OPENER_ROOT. Returns an
 * O_PATH descriptor, or of an entry with mapped owners a detached mount; the caller closes it.
 * E_CHILD when there is no such process (the runtime may not join the mount namespace: it has no
 * more rights than we).
 */
int opener_open(int sock, int i, struct err *err);

#endif
