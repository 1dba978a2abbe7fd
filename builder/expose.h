/* SPDX-License-Identifier: Apache-2.0 */
/* EXPOSE's ports: "80", "80/tcp", "8000-8010/udp". Pure. */
#ifndef KIST_BUILDER_EXPOSE_H
#define KIST_BUILDER_EXPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

#define EXPOSE_PORTS 65536

/* Ports as bits: a range of a few letters is 65536 of them. Zeroed: none. */
struct exposed {
	uint64_t bits[3][EXPOSE_PORTS / 64]; /* tcp, udp, sctp */
};

/* Add the ports of "N", "N-M/proto". Returns 0 or E_SYNTAX in docker's words. */
int expose_add(struct exposed *e, const char *text, struct err *err);

/* Append them as "N/proto". In the arena. */
void expose_list(const struct exposed *e, struct strings *ports, struct arena *a);

/* Is this a signal, by name ("SIGTERM", "TERM", "SIGRTMIN+3") or number? */
bool signal_valid(const char *text);

#endif
