/* SPDX-License-Identifier: Apache-2.0 */
/* Names for containers that were given none, "quiet_noether"; short names of images. */
#ifndef KIST_ENGINE_NAMES_H
#define KIST_ENGINE_NAMES_H

#include "lib/mem.h"

#define NAMES_MAX 48

/*
 * An adjective and the surname of someone who found something out. Callers try the
 * seeds that follow a random one until a name is free; large seeds add a number.
 */
void names_generate(unsigned seed, char name[NAMES_MAX]);

/* Docker's short form of a canonical reference, "alpine:3.20"; what is none as it stands. In the
 * arena. */
const char *names_familiar(const char *canonical, struct arena *a);

#endif
