/* SPDX-License-Identifier: Apache-2.0 */
/* The container's hosts, hostname and resolv.conf. */
#ifndef KIST_NETSETUP_FILES_H
#define KIST_NETSETUP_FILES_H

#include "lib/buf.h"
#include "lib/err.h"
#include "spec/network_result.h"
#include "spec/network_wish.h"

/* The result tells the container's addresses, and the first one the gateway. Pure. */
void files_hosts(const struct network_wish *wish, const struct network_result *result,
	const char *host_file, struct buf *out);

/*
 * The host's resolv.conf with what the wish overrides. Name servers on loopback are left out unless
 * the container shares the host's network. Returns how many name servers are in it. Pure.
 */
size_t files_resolv(const struct network_wish *wish, const char *host_file, struct buf *out);

/* Write the three into wish->files (nothing when that is NULL). Returns 0. */
int files_write(
	const struct network_wish *wish, const struct network_result *result, struct err *err);

#endif
