/* SPDX-License-Identifier: Apache-2.0 */
/* Find the container's command and say exactly why it cannot run. */
#ifndef KIST_RUNTIME_COMMAND_LOOKUP_H
#define KIST_RUNTIME_COMMAND_LOOKUP_H

#include <limits.h>

#include "lib/err.h"

/*
 * Called inside the container's root, in its working directory, as its user. A name without "/" is
 * searched in search_path ("$PATH"; NULL: the system's default); path gets what execve() will take.
 * E_COMMAND_NOT_FOUND when the command, its #! interpreter or its ELF loader is missing,
 * E_COMMAND_NOT_EXECUTABLE for a directory or missing permission. Returns 0.
 */
int command_lookup(const char *name, const char *search_path, char path[PATH_MAX], struct err *err);

/* The error for an execve() of path that failed with code although the look-up had succeeded. */
int command_failed(const char *path, int code, struct err *err);

#endif
