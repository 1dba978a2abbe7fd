/* SPDX-License-Identifier: Apache-2.0 */
/* IPv4 addresses and subnets as numbers in host order, and their texts. Pure. */
#ifndef KIST_NETSETUP_IP_H
#define KIST_NETSETUP_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_TEXT_MAX        16
#define IP_SUBNET_TEXT_MAX 20

struct ip_subnet {
	uint32_t address; /* with the host's bits zero */
	unsigned bits;
};

/* Strict dotted quads without leading zeros. 0, or -EINVAL. */
int ip_parse(const char *text, uint32_t *address);
void ip_format(uint32_t address, char text[IP_TEXT_MAX]);

/* "10.88.0.0/16"; bits of the host part that are set are -EINVAL; /1 to /30. */
int ip_parse_subnet(const char *text, struct ip_subnet *subnet);
void ip_format_subnet(const struct ip_subnet *subnet, char text[IP_SUBNET_TEXT_MAX]);

uint32_t ip_mask(unsigned bits);
bool ip_within(const struct ip_subnet *subnet, uint32_t address);
bool ip_overlap(const struct ip_subnet *a, const struct ip_subnet *b);

/*
 * The address that comes after address in the subnet for a container: from the last one around to
 * the first, never the network's own, its broadcast's, or the gateway's. 0 for address: the first.
 */
uint32_t ip_next(const struct ip_subnet *subnet, uint32_t gateway, uint32_t address);

/* How many addresses ip_next() goes through. */
uint32_t ip_capacity(const struct ip_subnet *subnet);

/* 02:42 and the address: the same address always has the same MAC, so no neighbour's cache is
 * stale. */
void ip_mac(uint32_t address, unsigned char mac[6]);

#endif
