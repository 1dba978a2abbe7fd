/* SPDX-License-Identifier: Apache-2.0 */
/* --detach-keys of run, start, attach and exec. */
#ifndef KIST_ENGINE_KEYS_FLAG_H
#define KIST_ENGINE_KEYS_FLAG_H

#include "lib/err.h"

/*
 * An option's parse function: field is a const char *, the text as it was given, once it is known
 * that it can be read. Returns 0, or E_USAGE.
 */
int keys_flag(const char *value, void *field, struct err *err);

#endif
