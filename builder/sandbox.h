/* SPDX-License-Identifier: Apache-2.0 */
/* What a filter that reads hostile text gives up before its first byte. */
#ifndef KIST_BUILDER_SANDBOX_H
#define KIST_BUILDER_SANDBOX_H

#include "lib/err.h"

/*
 * Give up, for good: every capability, new privileges through exec, and every system call but
 * those that read and write open descriptors, manage memory and exit (seccomp; others fail with
 * EPERM). Returns 0.
 */
int sandbox_enter(struct err *err);

#endif
