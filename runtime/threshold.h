/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The step into a pid namespace where others are already. A process is seen there from its birth
 * on, and who has CAP_SYS_PTRACE there may stop it and look through /proc/PID at its root and its
 * descriptors (CVE-2016-9962). So a process of ours that nobody there sees joins the namespaces,
 * enters the root, gives up its rights and all that is the host's, and then makes the one that goes
 * on. That one is a child of the runtime itself.
 */
#ifndef KIST_RUNTIME_THRESHOLD_H
#define KIST_RUNTIME_THRESHOLD_H

#include <stddef.h>

#include "lib/err.h"
#include "runtime/mount_options.h"
#include "runtime/rootfs.h"

/*
 * Keep 0, 1, 2, the next preserved ones and those that fds point to (-1: none), which get the
 * numbers after them; close all others. The environment, which is the caller's, is wiped. Returns
 * 0.
 */
int threshold_shed(unsigned preserved, int *const fds[], size_t n, struct err *err);

/*
 * Fork, tell the runtime over sync the other's pid (SYNC_BORN), and end. Returns 0 in the one that
 * goes on; only when it could not be made does it return in ours, with the error. It ends when the
 * runtime does, also while others keep it stopped, until it is untied.
 */
int threshold_cross(int sync, struct err *err);
int threshold_untie(struct err *err);

/*
 * A detached procfs of the pid namespace that r->namespaces joins. Before Linux 6.17 by a process
 * that is born there with the container's root for its root, no descriptor, and the right to mount
 * alone. Returns the descriptor; the caller closes it.
 */
int threshold_mount_proc(struct rootfs *r, const struct mount_config *m,
	const struct mount_options *o, struct err *err);

#endif
