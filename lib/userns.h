/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that need rights over owners and mounts, run without root: they become root of a user
 * namespace in which the ids of this user's ranges exist. All of a user's programs that work on the
 * same RUN share one, as long as any of them lives: only so they have rights over each other's
 * containers. RUN/userns lists who is in it.
 */
#ifndef KIST_LIB_USERNS_H
#define KIST_LIB_USERNS_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * As root, also of any user namespace: nothing. Else the process, which has one thread, becomes
 * root of its user namespace, and has a mount namespace of its own there; it stays what it is in
 * everything else. Its children are root as well, and so is what they find at KIST_ROOT and
 * KIST_RUN, which are set (root and run: what --root and --run said, or NULL). *notice gets a
 * sentence for people when there is but one id to give. Returns 0; where user namespaces are
 * forbidden E_DENIED, and the message says by what.
 */
int userns_enter(const char *root, const char *run, struct buf *notice, struct err *err);

/* Are we an ordinary user, or root by userns_enter() alone, ours or that of who started us? */
bool userns_rootless(void);

/*
 * A process that stays behind when we end, as part of the namespace. Who has not entered
 * does nothing. Returns 0.
 */
int userns_stay(pid_t pid, struct err *err);

/* Is this the first user namespace, in which all ids are? By /proc; without it we are. */
bool userns_is_first(void);

/* Is there but one user in this one, root? */
bool userns_is_narrow(void);

#endif
