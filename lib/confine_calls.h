/* SPDX-License-Identifier: Apache-2.0 */
/* The system call filters behind lib/confine.h. */
#ifndef KIST_LIB_CONFINE_CALLS_H
#define KIST_LIB_CONFINE_CALLS_H

#include "lib/err.h"

/*
 * Install the filter for groups (CONFINE_CALLS_..., at least one) in every thread of this process.
 * Calls of another architecture's table end the process. Returns 0; -EACCES: neither no_new_privs
 * nor CAP_SYS_ADMIN.
 */
int confine_calls_filter(unsigned groups, struct err *err);

#endif
