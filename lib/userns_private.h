/* SPDX-License-Identifier: Apache-2.0 */
/* Between userns.c and userns_enter.c: the list RUN/userns, whose lock the caller holds. */
#ifndef KIST_LIB_USERNS_PRIVATE_H
#define KIST_LIB_USERNS_PRIVATE_H

#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

#define USERNS_LIST    "userns"
#define USERNS_ENTERED "KIST_USERNS" /* in the environment of who is inside, and what it starts */

/* Add the lines ("PID START") of those in the list who live. Returns 0. */
int userns_list_read(int run, struct buf *live, struct err *err);

/* Replace it by these, and the process. Returns 0. */
int userns_list_write(int run, struct buf *live, pid_t pid, struct err *err);

#endif
