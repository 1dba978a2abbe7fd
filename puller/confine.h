/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rights that a program gives up before it reads a registry's first byte, when it starts no other
 * program: whoever takes it over can neither execute anything nor write elsewhere.
 */
#ifndef KIST_PULLER_CONFINE_H
#define KIST_PULLER_CONFINE_H

#include "lib/buf.h"
#include "lib/err.h"

/*
 * From here on: no new privileges, no capability but CAP_DAC_OVERRIDE (the user's auth file under
 * sudo), no execve(2), and nothing is created, written or removed but beneath the directories
 * writable, which have to exist (Landlock; a kernel without it leaves files to their permissions).
 * Descriptors that are open stay usable. Returns 0.
 */
int confine(const struct strv *writable, struct err *err);

#endif
