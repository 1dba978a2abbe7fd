/* SPDX-License-Identifier: Apache-2.0 */
/* Names for containers that were given none: "quiet_noether". */
#ifndef KIST_ENGINE_NAMES_H
#define KIST_ENGINE_NAMES_H

#define NAMES_MAX 48

/*
 * An adjective and the surname of someone who found something out. Callers try the
 * seeds that follow a random one until a name is free; large seeds add a number.
 */
void names_generate(unsigned seed, char name[NAMES_MAX]);

#endif
