/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A build in process and mount namespaces of its own: whoever dies, and however, nothing of it
 * stays behind, neither a process of a RUN nor a mount.
 */
#ifndef KIST_BUILDER_SUPERVISE_H
#define KIST_BUILDER_SUPERVISE_H

#include "lib/err.h"

/*
 * Run work(arg) as process 1 of a new process namespace, with its own /proc, in a private mount
 * namespace. INT, TERM, HUP and QUIT, and our own death, kill it with everything that it started.
 * Returns its result (an exit status), 128 + the signal that ended it, or a negative code.
 */
int supervise(int (*work)(void *arg), void *arg, struct err *err);

#endif
