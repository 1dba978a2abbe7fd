/* SPDX-License-Identifier: Apache-2.0 */
/* The container's hosts, hostname and resolv.conf. */
#ifndef KIST_NETSETUP_FILES_H
#define KIST_NETSETUP_FILES_H

#include "lib/buf.h"
#include "lib/err.h"
#include "netsetup/config.h"

/* address and gateway: "" when the container has none. Pure. */
void files_hosts(const struct config *c, const char *address, const char *gateway,
	const char *host_file, struct buf *out);

/*
 * The host's resolv.conf with what the configuration overrides. Name servers on loopback are left
 * out unless the container shares the host's network. Returns how many name servers are in it.
 * Pure.
 */
size_t files_resolv(const struct config *c, const char *host_file, struct buf *out);

/* Write the three into c->files (nothing when that is NULL). Returns 0. */
int files_write(const struct config *c, const char *address, const char *gateway, struct err *err);

#endif
