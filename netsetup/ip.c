/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

int ip_parse(const char *text, uint32_t *address)
{
	char again[IP_TEXT_MAX];
	struct in_addr in;

	if (!text || inet_pton(AF_INET, text, &in) != 1)
		return -EINVAL;
	/* inet_pton() takes "010.1.1.1" as decimal where others read octal: only one spelling */
	ip_format(ntohl(in.s_addr), again);
	if (strcmp(again, text) != 0)
		return -EINVAL;
	*address = ntohl(in.s_addr);
	return 0;
}

void ip_format(uint32_t address, char text[IP_TEXT_MAX])
{
	snprintf(text, IP_TEXT_MAX, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
		address >> 8 & 255, address & 255);
}

uint32_t ip_mask(unsigned bits)
{
	return bits ? ~0u << (32 - bits) : 0;
}

int ip_parse_subnet(const char *text, struct ip_subnet *subnet)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	char address[IP_TEXT_MAX] = "", again[IP_SUBNET_TEXT_MAX];
	struct ip_subnet s = {0};

	if (!slash || (size_t)(slash - text) >= sizeof(address) ||
		sscanf(slash, "/%2u", &s.bits) != 1 || s.bits < 1 || s.bits > 30)
		return -EINVAL;
	memcpy(address, text, (size_t)(slash - text));
	if (ip_parse(address, &s.address) < 0 || (s.address & ~ip_mask(s.bits)))
		return -EINVAL;
	ip_format_subnet(&s, again);
	if (strcmp(again, text) != 0)
		return -EINVAL;
	*subnet = s;
	return 0;
}

void ip_format_subnet(const struct ip_subnet *subnet, char text[IP_SUBNET_TEXT_MAX])
{
	char address[IP_TEXT_MAX];

	ip_format(subnet->address, address);
	snprintf(text, IP_SUBNET_TEXT_MAX, "%s/%u", address, subnet->bits & 63);
}

bool ip_within(const struct ip_subnet *subnet, uint32_t address)
{
	return (address & ip_mask(subnet->bits)) == subnet->address;
}

bool ip_overlap(const struct ip_subnet *a, const struct ip_subnet *b)
{
	return ip_within(a, b->address) || ip_within(b, a->address);
}

uint32_t ip_next(const struct ip_subnet *subnet, uint32_t gateway, uint32_t address)
{
	uint32_t first = subnet->address + 1;
	uint32_t last = (subnet->address | ~ip_mask(subnet->bits)) - 1;

	do {
		address = address < first || address >= last ? first : address + 1;
	} while (address == gateway);
	return address;
}

uint32_t ip_capacity(const struct ip_subnet *subnet)
{
	return ~ip_mask(subnet->bits) - 2;
}

void ip_mac(uint32_t address, unsigned char mac[6])
{
	mac[0] = 0x02;
	mac[1] = 0x42;
	for (int i = 0; i < 4; i++)
		mac[2 + i] = (unsigned char)(address >> (24 - 8 * i));
}
