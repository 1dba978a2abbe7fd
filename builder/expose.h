/* SPDX-License-Identifier: Apache-2.0 */
/* EXPOSE's ports: "80", "80/tcp", "8000-8010/udp". Pure. */
#ifndef KIST_BUILDER_EXPOSE_H
#define KIST_BUILDER_EXPOSE_H

#include <stdbool.h>

#include "lib/schema.h"

/* Add "N/proto" for each port of the range, none twice. Returns 0 or E_SYNTAX in docker's words. */
int expose_add(struct strings *ports, const char *text, struct arena *a, struct err *err);

/* Is this a signal, by name ("SIGTERM", "TERM", "SIGRTMIN+3") or number? */
bool signal_valid(const char *text);

#endif
