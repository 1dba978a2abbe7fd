/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/publish.h"

#include <string.h>

#include "lib/buf.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static void add_text(struct buf *text, const struct port *p)
{
	buf_addf(text, "%s%s:%u->%u", text->len ? " " : "", p->host_ip, p->host_port,
		p->container_port);
	if (port_count(p) > 1)
		buf_addf(text, "+%u", port_count(p));
	buf_addf(text, "/%s", p->protocol);
}

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
		add_text(&text, &ports.items[i]);
	UNIT_STRING(buf_str(&text), expected);
}

static void forms(void)
{
	check("80", ":0->80/tcp");
	check("8080:80", ":8080->80/tcp");
	check("127.0.0.1:8080:80/udp", "127.0.0.1:8080->80/udp");
	check("127.0.0.1::80", "127.0.0.1:0->80/tcp");
	check("[::1]:8080:80", "::1:8080->80/tcp");
	check("8000-8002:80-82/TCP", ":8000->80+3/tcp");
	check("1-65535", ":0->1+65535/tcp");
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
	struct err err = {0};
	struct port p;

	UNIT_OK(publish_parse_expose("90-92/udp", &p, &a, &err), &err);
	UNIT_STRING(publish_key(&p, &a), "90-92/udp");
	CU_ASSERT_TRUE(publish_parse_expose("x", &p, &a, &err) < 0);
	CU_ASSERT_TRUE(publish_parse_expose("0", &p, &a, &err) < 0);
}

/* flags to PortBindings, and back to joined rows */
static void check_bindings(
	const char *const *flags, bool single, const char *document, const char *rows)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0}, back = {0};
	struct port_list ports = {0}, again;
	struct err err = {0};
	struct json *bindings;

	for (; *flags; flags++)
		UNIT_OK(publish_parse(*flags, &ports, &a, &err), &err);
	bindings = publish_bindings(&ports, single, &a);
	json_write(bindings, JSON_COMPACT, &text);
	UNIT_STRING(buf_str(&text), document);
	UNIT_OK(publish_read_bindings(bindings, &again, &a, &err), &err);
	for (size_t i = 0; i < again.count; i++)
		add_text(&back, &again.items[i]);
	UNIT_STRING(buf_str(&back), rows);
}

static void bindings(void)
{
	static const char *const two[] = {"443:443", "127.0.0.1:8080:80", "9000:80", NULL};
	static const char *const range[] = {"8000-8002:80-82", "83", NULL};

	check_bindings(two, true,
		"{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"9000\"},"
		"{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"8080\"}],"
		"\"443/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"443\"}]}",
		":9000->80/tcp 127.0.0.1:8080->80/tcp :443->443/tcp");
	check_bindings(range, false,
		"{\"80-82/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8000-8002\"}],"
		"\"83/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}]}",
		":8000->80+3/tcp :0->83/tcp");
	/* docker's form joins to the same */
	check_bindings(range, true,
		"{\"80/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8000\"}],"
		"\"81/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8001\"}],"
		"\"82/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"8002\"}],"
		"\"83/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"\"}]}",
		":8000->80+3/tcp :0->83/tcp");
}

static void refuse_bindings(const char *document, const char *message)
{
	own_arena struct arena a = {0};
	struct port_list ports;
	struct err err = {0};
	struct json *o = json_parse(&a, document, strlen(document), JSON_DOCUMENT_MAX, &err);

	CU_ASSERT_PTR_NOT_NULL_FATAL(o);
	CU_ASSERT_TRUE(publish_read_bindings(o, &ports, &a, &err) < 0);
	UNIT_STRING(err.msg, message);
}

static void wrong_bindings(void)
{
	refuse_bindings("{\"x/tcp\":[]}", "invalid port specification: \"x/tcp\"");
	refuse_bindings("{\"80/tcp\":[{\"HostPort\":8080}]}",
		"PortBindings.80/tcp.HostPort: expected a string");
	refuse_bindings("{\"80/tcp\":{}}", "PortBindings.80/tcp: expected an array");
	refuse_bindings("{\"80/tcp\":[{\"HostPort\":\"8000-8010\"}]}",
		"Invalid ranges specified for container and host Ports: 80/tcp and 8000-8010");
	refuse_bindings("{\"80/tcp\":[{\"HostPort\":\"70000\"}]}", "Invalid hostPort: 70000");
	refuse_bindings("[]", "PortBindings: expected an object");
}

static void check_without(const char *exposed_keys, const char *flags, const char *expected)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct port_list exposed = {0}, published = {0}, left;
	struct err err = {0};
	struct port p;
	char *words = arena_strdup(&a, exposed_keys), *save = NULL;

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		UNIT_OK(publish_parse_expose(w, &p, &a, &err), &err);
		port_list_add(&exposed, &p, &a);
	}
	words = arena_strdup(&a, flags);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		UNIT_OK(publish_parse(w, &published, &a, &err), &err);
	publish_without(&exposed, &published, &left, &a);
	for (size_t i = 0; i < left.count; i++)
		buf_addf(&text, "%s%s", i ? " " : "", publish_key(&left.items[i], &a));
	UNIT_STRING(buf_str(&text), expected);
}

static void without(void)
{
	check_without("80 443", "8080:80", "443/tcp");
	check_without("80 80/udp", "8080:80", "80/udp");
	check_without("1-10", "5 6 10", "1-4/tcp 7-9/tcp");
	check_without("1-10 20", "101-130:1-30", "");
	check_without("5 6 7 8", "", "5-8/tcp");
	check_without("", "80", "");
	check_without("80 90/udp 100/sctp", "80 90/udp 100/sctp", "");
}

static void matches(void)
{
	own_arena struct arena a = {0};
	struct port_list ports = {0};
	struct err err = {0};

	UNIT_OK(publish_parse("8000-8010:80-90/udp", &ports, &a, &err), &err);
	CU_ASSERT_TRUE(publish_matches(&ports, "85", &a));
	CU_ASSERT_TRUE(publish_matches(&ports, "90-95/udp", &a));
	CU_ASSERT_FALSE(publish_matches(&ports, "85/tcp", &a));
	CU_ASSERT_FALSE(publish_matches(&ports, "91", &a));
	CU_ASSERT_FALSE(publish_matches(&ports, "x", &a));
}

UNIT_TESTS(publish) = {
	{"every form of -p", forms},
	{"wrong ones are refused in docker's words", errors},
	{"--expose takes ranges", expose},
	{"PortBindings, for each port or in rows, and back to the same rows", bindings},
	{"wrong PortBindings are refused by their key", wrong_bindings},
	{"exposed without published ports", without},
	{"filters find a port in a row", matches},
};
UNIT_COUNT(publish)
