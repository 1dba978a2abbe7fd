/* SPDX-License-Identifier: Apache-2.0 */
/* --chmod: octal, or symbolic as chmod(1) reads it ("u=rwX,go=rX"). Pure. */
#ifndef KIST_BUILDER_MODE_H
#define KIST_BUILDER_MODE_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/err.h"

/* The 12 permission bits that text makes of mode. Returns 0 or E_SYNTAX. */
int mode_apply(const char *text, mode_t mode, bool directory, mode_t *result, struct err *err);

#endif
