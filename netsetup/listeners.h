/* SPDX-License-Identifier: Apache-2.0 */
/* Which ports of this host processes listen on, asked of the kernel in one go (sock_diag(7)). */
#ifndef KIST_NETSETUP_LISTENERS_H
#define KIST_NETSETUP_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

/* A bit for each port. */
struct port_set {
	uint64_t bits[65536 / 64];
};

static inline void port_set_add(struct port_set *set, uint32_t port)
{
	set->bits[port / 64 % (65536 / 64)] |= UINT64_C(1) << port % 64;
}

static inline bool port_set_has(const struct port_set *set, uint32_t port)
{
	return set->bits[port / 64 % (65536 / 64)] >> port % 64 & 1;
}

/*
 * Add the ports on which a process listens (UDP: has bound) so that nobody else could on address
 * (0: every address). Returns 0; an error when this kernel cannot tell.
 */
int listeners_read(uint8_t ipproto, uint32_t address, struct port_set *set, struct err *err);

#endif
