/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON that kist-netsetup reads for one container, checked: every name in it is hostile. */
#ifndef KIST_NETSETUP_CONFIG_H
#define KIST_NETSETUP_CONFIG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"
#include "netsetup/ip.h"

#define CONFIG_PORTS_MAX 4096

struct config_port {
	const char *host_ip; /* "" and missing: every address */
	int64_t host_port;   /* 0: a free one, filled in by setup */
	int64_t container_port;
	const char *protocol; /* "tcp", "udp", "sctp" */
	uint32_t address;     /* host_ip as number, 0: every address */
	uint8_t ipproto;      /* protocol as IPPROTO_* */
};

struct config {
	const char *container_id, *name, *hostname, *network, *files;
	LIST_OF(struct config_port) ports;
	struct strings dns, dns_search, dns_options, extra_hosts;
};

enum config_kind { CONFIG_BRIDGE, CONFIG_HOST, CONFIG_NONE };

/* Decode and check. Everything lives in the arena. Returns 0; E_SYNTAX, E_LIMIT, E_UNSUPPORTED. */
int config_parse(
	struct arena *a, const char *text, size_t len, struct config *config, struct err *err);

enum config_kind config_kind(const struct config *config);

/* [a-zA-Z0-9][a-zA-Z0-9_.-]*, at most 128 bytes: usable as a file name. */
bool config_name_ok(const char *name);

/* "tcp", "udp", "sctp" for an IPPROTO_*. */
const char *config_protocol_name(uint8_t ipproto);

/* IPPROTO_* for a name, 0 for others. */
uint8_t config_protocol(const char *name);

/*
 * The name:address parts of an extra host ("=" in place of ":" is allowed, and so is an IPv6
 * address in brackets). "host-gateway" stands for the bridge's address. 0, or -EINVAL.
 */
int config_split_host(struct arena *a, const char *text, const char **name, const char **address);

#endif
