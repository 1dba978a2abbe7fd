/* SPDX-License-Identifier: Apache-2.0 */
/* The wish that kist-netsetup reads for one container, checked: every name in it is hostile. */
#ifndef KIST_NETSETUP_CONFIG_H
#define KIST_NETSETUP_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "spec/network_wish.h"

#define CONFIG_PORTS_MAX      4096 /* elements of all endpoints, each of up to 65535 ports */
#define CONFIG_RENUMBERED_MAX 65535
#define CONFIG_ENDPOINTS_MAX  64
#define CONFIG_INTERFACE_MAX  16 /* IFNAMSIZ, with its NUL */

enum config_kind { CONFIG_BRIDGED, CONFIG_HOST, CONFIG_NONE };

/*
 * Decode and check a wish, for setup and attach. What was left out is filled in: protocol "tcp",
 * host_ip "", interface "eth<place>". Everything lives in the arena. Returns 0; E_SYNTAX, E_LIMIT,
 * E_UNSUPPORTED.
 */
int config_parse(
	struct arena *a, const char *text, size_t len, struct network_wish *wish, struct err *err);

/*
 * Only what teardown needs, so that what an older or newer program has asked for can still be taken
 * away: the id, and the names of the networks. Returns as config_parse().
 */
int config_parse_id(
	struct arena *a, const char *text, size_t len, struct network_wish *wish, struct err *err);

/* CONFIG_HOST and CONFIG_NONE are wishes for that one "network". */
enum config_kind config_kind(const struct network_wish *wish);

/* Is this a name for an interface: a valid network name that fits, but not "lo"? */
bool config_interface_valid(const char *name);

/* IPPROTO_* for "tcp", "udp", "sctp" or NULL (tcp); 0 for others. */
uint8_t config_protocol(const char *name);

/* "02:42:0a:58:00:02" of a single station. 0, or -EINVAL. */
int config_parse_mac(const char *text, unsigned char mac[6]);

/*
 * The name:address parts of an extra host ("=" in place of ":" is allowed, and so is an IPv6
 * address in brackets). "host-gateway" stands for the bridge's address. 0, or -EINVAL.
 */
int config_split_host(struct arena *a, const char *text, const char **name, const char **address);

#endif
