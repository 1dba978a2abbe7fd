/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/publish.h"

#include "lib/buf.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void check(const char *flag, const char *expected)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct port_list ports = {0};
	struct err err = {0};

	if (publish_parse(flag, &ports, &a, &err) < 0) {
		buf_adds(&text, err.msg);
		CU_ASSERT_EQUAL(err.code, E_USAGE);
	}
	for (size_t i = 0; i < ports.count; i++)
		buf_addf(&text, "%s%s:%u->%u/%s", i ? " " : "", ports.items[i].host_ip,
			ports.items[i].host_port, ports.items[i].container_port,
			ports.items[i].protocol);
	UNIT_STRING(buf_str(&text), expected);
}

static void forms(void)
{
	check("80", ":0->80/tcp");
	check("8080:80", ":8080->80/tcp");
	check("127.0.0.1:8080:80/udp", "127.0.0.1:8080->80/udp");
	check("127.0.0.1::80", "127.0.0.1:0->80/tcp");
	check("[::1]:8080:80", "::1:8080->80/tcp");
	check("8000-8002:80-82/TCP", ":8000->80/tcp :8001->81/tcp :8002->82/tcp");
	check("0:80", ":0->80/tcp");
}

static void errors(void)
{
	check("99999:80", "Invalid hostPort: 99999");
	check("80:x", "Invalid containerPort: x");
	check("80:0", "Invalid containerPort: 0");
	check("80:", "No port specified: 80:<empty>");
	check("8000-8003:80-82",
		"Invalid ranges specified for container and host Ports: 80-82 and 8000-8003");
	check("80/icmp", "Invalid proto: icmp");
	check("1.2.3:80:80", "Invalid ip address: 1.2.3");
	check("[::1:80:80", "Invalid ip address: [::1:80:80");
	check("82-80", "Invalid containerPort: 82-80");
}

static void expose(void)
{
	own_arena struct arena a = {0};
	struct port_list ports = {0};
	struct err err = {0};

	UNIT_OK(publish_parse_expose("90-92/udp", &ports, &a, &err), &err);
	CU_ASSERT_EQUAL(ports.count, 3);
	CU_ASSERT_EQUAL(ports.items[2].container_port, 92);
	UNIT_STRING(ports.items[2].protocol, "udp");
	CU_ASSERT_TRUE(publish_parse_expose("x", &ports, &a, &err) < 0);
}

UNIT_TESTS(publish) = {
	{"every form of -p", forms},
	{"wrong ones are refused in docker's words", errors},
	{"--expose takes ranges", expose},
};
UNIT_COUNT(publish)
