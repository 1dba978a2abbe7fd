/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/config.h"

#include <string.h>

#include "lib/own.h"
#include "netsetup/files.h"
#include "netsetup/network.h"
#include "tests/unit/unit.h"

static int parse(struct arena *a, const char *text, struct network_wish *c, struct err *err)
{
	return config_parse(a, text, strlen(text), c, err);
}

static void fills_in(void)
{
	own_arena struct arena a = {0};
	struct err err = {0};
	struct network_wish c;

	UNIT_OK(parse(&a,
			"{\"container_id\":\"x\",\"future\":[1],\"endpoints\":[{\"network\":\"default\","
			"\"ports\":[{\"container_port\":80}]},{\"network\":\"n\"}]}",
			&c, &err),
		&err);
	CU_ASSERT_EQUAL(config_kind(&c), CONFIG_BRIDGED);
	CU_ASSERT_EQUAL_FATAL(c.endpoints.count, 2);
	UNIT_STRING(c.endpoints.items[0].interface, "eth0");
	UNIT_STRING(c.endpoints.items[1].interface, "eth1");
	CU_ASSERT_EQUAL_FATAL(c.endpoints.items[0].ports.count, 1);
	UNIT_STRING(c.endpoints.items[0].ports.items[0].protocol, "tcp");
	UNIT_STRING(c.endpoints.items[0].ports.items[0].host_ip, "");
	/* what is asked for must be said, also that it is nothing */
	CU_ASSERT_EQUAL(parse(&a, "{\"container_id\":\"x\"}", &c, &err), -E_SYNTAX);
	UNIT_OK(parse(&a, "{\"container_id\":\"x\",\"endpoints\":[]}", &c, &err), &err);
	CU_ASSERT_EQUAL(config_kind(&c), CONFIG_NONE);
	UNIT_OK(config_parse_id(&a, "{\"container_id\":\"x\"}", 20, &c, &err), &err);
}

#define WISH(endpoints) "{\"container_id\":\"a\",\"endpoints\":[" endpoints "]}"

static void refuses(void)
{
	static const struct {
		const char *text;
		int code;
	} bad[] = {
		{"", E_SYNTAX},
		{"[]", E_SYNTAX},
		{"{}", E_SYNTAX},
		{"{\"container_id\":\"../x\"}", E_SYNTAX},
		{"{\"container_id\":\"\"}", E_SYNTAX},
		{"{\"container_id\":\"a\\u0000b\"}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"hostname\":\"a\\nb\",\"endpoints\":[]}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"dns\":[\"1.1.1.1\\nx\"],\"endpoints\":[]}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"files\":\"x\",\"endpoints\":[]}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"held\":\"x\",\"endpoints\":[]}", E_SYNTAX},
		{WISH("{\"network\":\"a/b\"}"), E_SYNTAX},
		{WISH("{}"), E_SYNTAX},
		{WISH("{\"network\":\"n\"},{\"network\":\"n\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\"},{\"network\":\"host\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"interface\":\"lo\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"interface\":\"a\"},{\"network\":\"m\",\"interface\":\"a\"}"),
			E_SYNTAX},
		{WISH("{\"network\":\"n\",\"interface\":\"a23456789012345b\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"mac\":\"01:00:00:00:00:01\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"mac\":\"2:0:0:0:0:1\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"mac\":\"00:00:00:00:00:00\"}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"addresses\":[\"10.0.0.1/8\"]}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"addresses\":[\"10.0.0.1\",\"10.0.0.2\"]}"),
			E_UNSUPPORTED},
		{WISH("{\"network\":\"n\",\"aliases\":[\"a\\nb\"]}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"ports\":[{}]}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"ports\":[{\"container_port\":65536}]}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"ports\":[{\"container_port\":1.5}]}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"ports\":[{\"container_port\":2,\"count\":65535}]}"),
			E_SYNTAX},
		{WISH("{\"network\":\"n\",\"ports\":[{\"container_port\":1,\"host_ip\":\"::\"}]}"),
			E_UNSUPPORTED},
		{WISH("{\"network\":\"none\",\"ports\":[{\"container_port\":1}]}"), E_SYNTAX},
		{WISH("{\"network\":\"n\",\"ports\":[{\"container_port\":1,\"count\":65535},{\"container_port\":1,\"count\":2}]}"),
			E_LIMIT},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		own_arena struct arena a = {0};
		struct err err = {0};
		struct network_wish c;

		CU_ASSERT_EQUAL(parse(&a, bad[i].text, &c, &err), -bad[i].code);
	}
}

static void extra_hosts(void)
{
	static const struct {
		const char *text, *name, *address;
	} good[] = {
		{"db:10.0.0.2", "db", "10.0.0.2"},
		{"db=10.0.0.2", "db", "10.0.0.2"},
		{"six:2001:db8::1", "six", "2001:db8::1"},
		{"six:[2001:db8::1]", "six", "2001:db8::1"},
		{"gate:host-gateway", "gate", "host-gateway"},
	};
	static const char *const bad[] = {
		"", ":", "db", "db:", ":1.2.3.4", "d b:1.2.3.4", "db:[]", "db:[1.2.3.4", "db:x"};

	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		own_arena struct arena a = {0};
		const char *name, *address;

		CU_ASSERT_EQUAL_FATAL(config_split_host(&a, good[i].text, &name, &address), 0);
		UNIT_STRING(name, good[i].name);
		UNIT_STRING(address, good[i].address);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		own_arena struct arena a = {0};
		const char *name, *address;

		CU_ASSERT(config_split_host(&a, bad[i], &name, &address) < 0);
	}
}

static void resolv(const char *config, const char *host, const char *expected, size_t servers)
{
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct err err = {0};
	struct network_wish c;

	UNIT_OK(parse(&a, config, &c, &err), &err);
	CU_ASSERT_EQUAL(files_resolv(&c, host, &out), servers);
	UNIT_STRING(buf_str(&out), expected);
}

#define RESOLV(network, more)                                                                      \
	"{\"container_id\":\"x\",\"endpoints\":[{\"network\":\"" network "\"}]" more "}"

static void resolver_file(void)
{
	static const char host[] =
		"# made by hand\nsearch a b\nnameserver\t127.0.0.53\n"
		"nameserver 192.0.2.1\nnameserver ::1\noptions ndots:3\nnameserver 192.0.2.2";

	resolv(RESOLV("default", ""), host,
		"search a b\nnameserver 192.0.2.1\noptions ndots:3\nnameserver 192.0.2.2\n", 2);
	resolv(RESOLV("host", ""), "nameserver 127.0.0.53\n", "nameserver 127.0.0.53\n", 1);
	resolv(RESOLV("default", ""), "nameserver 127.0.0.53\n", "", 0);
	resolv(RESOLV("default", ",\"dns\":[\"9.9.9.9\"],\"dns_search\":[\".\"]"), host,
		"options ndots:3\nnameserver 9.9.9.9\n", 1);
	resolv(RESOLV("default", ",\"dns_search\":[\"c\"],\"dns_options\":[\"rotate\"]"), host,
		"nameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch c\noptions rotate\n", 2);
}

static void hosts_file(void)
{
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct err err = {0};
	struct network_wish c;
	struct network_attachment networks[2] = {
		{.network = "default", .gateway = "10.88.0.1"}, {.network = "n"}};
	struct network_result result = {.endpoints = {networks, 2}};

	strings_add(&a, &networks[0].addresses, "10.88.0.2/16");
	strings_add(&a, &networks[1].addresses, "10.89.0.2/16");
	strings_add(&a, &networks[1].aliases, "www");
	UNIT_OK(parse(&a,
			"{\"container_id\":\"x\",\"hostname\":\"h\",\"extra_hosts\":[\"up:host-gateway\"],"
			"\"endpoints\":[{\"network\":\"default\"},{\"network\":\"n\"}]}",
			&c, &err),
		&err);
	files_hosts(&c, &result, "", &out);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(buf_str(&out), "\n10.88.0.1\tup\n10.88.0.2\th\n10.89.0.2\th www\n"));
}

static int network(const char *text)
{
	own_arena struct arena a = {0};
	struct network n;
	struct err err;
	struct json *doc = json_parse(&a, text, strlen(text), JSON_LINE_MAX, &err);

	CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
	return network_parse(&a, doc, &n, &err);
}

static void networks(void)
{
	CU_ASSERT_EQUAL(
		network("{\"name\":\"n\",\"bridge\":\"kist1\",\"subnet\":\"10.1.0.0/24\"}"), 0);
	CU_ASSERT_EQUAL(network("{\"name\":\"n\",\"bridge\":\"kist1\"}"), 0);
	CU_ASSERT_EQUAL(network("{\"name\":\"n\",\"gateway\":\"10.1.0.1\"}"), -E_SYNTAX);
	CU_ASSERT_EQUAL(network("{\"name\":\"n\",\"bridge\":\"a/b\",\"subnet\":\"10.1.0.0/24\"}"),
		-E_SYNTAX);
	CU_ASSERT_EQUAL(
		network("{\"name\":\"n\",\"bridge\":\"sixteenletters01\",\"subnet\":\"10.1.0.0/24\"}"),
		-E_SYNTAX);
	CU_ASSERT_EQUAL(network("{\"name\":\"n\",\"bridge\":\"b\",\"subnet\":\"10.1.0.0/24\","
				"\"gateway\":\"10.1.0.255\"}"),
		-E_SYNTAX);
	CU_ASSERT_EQUAL(
		network("{\"name\":\"n\",\"bridge\":\"b\",\"subnet\":\"10.1.0.0/24\",\"mtu\":67}"),
		-E_SYNTAX);
}

UNIT_TESTS(netsetup_config) = {
	{"what is missing is filled in", fills_in},
	{"hostile and wrong values are refused", refuses},
	{"extra hosts have a name and an address", extra_hosts},
	{"resolv.conf leaves out loopback servers and takes overrides", resolver_file},
	{"hosts names the container on each of its networks", hosts_file},
	{"a network's document is checked", networks},
};
UNIT_COUNT(netsetup_config)
