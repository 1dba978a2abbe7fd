/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/ip.h"

#include <errno.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void addresses(void)
{
	static const char *const bad[] = {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4",
		"1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "::1", "0x7f.0.0.1", "127.1"};
	char text[IP_TEXT_MAX];
	uint32_t a;

	CU_ASSERT_EQUAL(ip_parse("10.88.0.2", &a), 0);
	CU_ASSERT_EQUAL(a, 0x0a580002);
	ip_format(0xffffffff, text);
	UNIT_STRING(text, "255.255.255.255");
	CU_ASSERT_EQUAL(ip_parse(NULL, &a), -EINVAL);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		CU_ASSERT_EQUAL(ip_parse(bad[i], &a), -EINVAL);
}

static void subnets(void)
{
	static const char *const bad[] = {"10.0.0.0", "10.0.0.0/", "10.0.0.0/0", "10.0.0.0/31",
		"10.0.0.0/33", "10.0.0.0/-1", "10.0.0.1/24", "10.0.0.0/8x", "10.0.0.0/08", "/8",
		"10.0.0.0/ 8", "100.200.300.400/8", "1000.1000.1000.1000/8"};
	struct ip_subnet s, t;
	char text[IP_SUBNET_TEXT_MAX];

	CU_ASSERT_EQUAL(ip_parse_subnet("10.88.0.0/16", &s), 0);
	CU_ASSERT(s.address == 0x0a580000 && s.bits == 16);
	ip_format_subnet(&s, text);
	UNIT_STRING(text, "10.88.0.0/16");
	CU_ASSERT(ip_within(&s, 0x0a58ffff) && !ip_within(&s, 0x0a590000));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		CU_ASSERT_EQUAL(ip_parse_subnet(bad[i], &s), -EINVAL);
	CU_ASSERT_EQUAL(ip_parse_subnet("10.0.0.0/8", &t), 0);
	CU_ASSERT(ip_overlap(&s, &t) && ip_overlap(&t, &s));
	CU_ASSERT_EQUAL(ip_parse_subnet("10.89.0.0/16", &t), 0);
	CU_ASSERT(!ip_overlap(&s, &t) && !ip_overlap(&t, &s));
}

/* From any starting point every usable address comes once before the first one comes again. */
static void goes_around(const char *text, uint32_t gateway_host)
{
	struct ip_subnet s;
	bool seen[64] = {0};
	uint32_t gateway, a = 0;

	CU_ASSERT_EQUAL_FATAL(ip_parse_subnet(text, &s), 0);
	gateway = s.address + gateway_host;
	for (uint32_t i = 0; i < ip_capacity(&s); i++) {
		a = ip_next(&s, gateway, a);
		CU_ASSERT_FATAL(ip_within(&s, a) && a - s.address < 64);
		CU_ASSERT(a != s.address && a != gateway && a != (s.address | ~ip_mask(s.bits)));
		CU_ASSERT(!seen[a - s.address]);
		seen[a - s.address] = true;
	}
	CU_ASSERT(seen[ip_next(&s, gateway, a) - s.address]);
}

static void next_addresses(void)
{
	struct ip_subnet s;

	goes_around("10.99.0.0/29", 1);
	goes_around("10.99.0.0/29", 6);
	goes_around("10.99.0.0/29", 3);
	goes_around("10.99.0.0/30", 1);
	goes_around("10.99.0.0/30", 2);
	goes_around("192.168.5.64/26", 1);
	CU_ASSERT_EQUAL(ip_parse_subnet("255.255.255.248/29", &s), 0);
	CU_ASSERT_EQUAL(ip_next(&s, 0xfffffff9, 0xfffffffe), 0xfffffffa);
	CU_ASSERT_EQUAL(ip_next(&s, 0xfffffff9, 0), 0xfffffffa);
}

UNIT_TESTS(netsetup_ip) = {
	{"an address has one spelling", addresses},
	{"a subnet has no host bits, and overlaps with what lies in it", subnets},
	{"every usable address comes once, whatever the gateway is", next_addresses},
};
UNIT_COUNT(netsetup_ip)
