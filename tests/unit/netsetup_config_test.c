/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/config.h"

#include <string.h>

#include "lib/own.h"
#include "netsetup/files.h"
#include "netsetup/network.h"
#include "tests/unit/unit.h"

static int parse(struct arena *a, const char *text, struct config *c, struct err *err)
{
	return config_parse(a, text, strlen(text), c, err);
}

static void fills_in(void)
{
	own_arena struct arena a = {0};
	struct err err = {0};
	struct config c;

	UNIT_OK(parse(&a,
			"{\"container_id\":\"x\",\"future\":[1],\"ports\":[{\"container_port\":80}]}",
			&c, &err),
		&err);
	UNIT_STRING(c.network, "default");
	CU_ASSERT_EQUAL(config_kind(&c), CONFIG_BRIDGE);
	CU_ASSERT_EQUAL_FATAL(c.ports.count, 1);
	UNIT_STRING(c.ports.items[0].protocol, "tcp");
	UNIT_STRING(c.ports.items[0].host_ip, "");
	CU_ASSERT_EQUAL(c.ports.items[0].ipproto, IPPROTO_TCP);
	CU_ASSERT_EQUAL(c.ports.items[0].address, 0);
}

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
		{"{\"container_id\":\"a\",\"network\":\"a/b\"}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"hostname\":\"a\\nb\"}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"ports\":[{}]}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"ports\":[{\"container_port\":65536}]}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"ports\":[{\"container_port\":1.5}]}", E_SYNTAX},
		{"{\"container_id\":\"a\",\"ports\":[{\"container_port\":1,\"host_ip\":\"::\"}]}",
			E_UNSUPPORTED},
		{"{\"container_id\":\"a\",\"dns\":[\"1.1.1.1\\nx\"]}", E_SYNTAX},
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		own_arena struct arena a = {0};
		struct err err = {0};
		struct config c;

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
	struct config c;

	UNIT_OK(parse(&a, config, &c, &err), &err);
	CU_ASSERT_EQUAL(files_resolv(&c, host, &out), servers);
	UNIT_STRING(buf_str(&out), expected);
}

static void resolver_file(void)
{
	static const char host[] =
		"# made by hand\nsearch a b\nnameserver\t127.0.0.53\n"
		"nameserver 192.0.2.1\nnameserver ::1\noptions ndots:3\nnameserver 192.0.2.2";

	resolv("{\"container_id\":\"x\"}", host,
		"search a b\nnameserver 192.0.2.1\noptions ndots:3\nnameserver 192.0.2.2\n", 2);
	resolv("{\"container_id\":\"x\",\"network\":\"host\"}", "nameserver 127.0.0.53\n",
		"nameserver 127.0.0.53\n", 1);
	resolv("{\"container_id\":\"x\"}", "nameserver 127.0.0.53\n", "", 0);
	resolv("{\"container_id\":\"x\",\"dns\":[\"9.9.9.9\"],\"dns_search\":[\".\"]}", host,
		"options ndots:3\nnameserver 9.9.9.9\n", 1);
	resolv("{\"container_id\":\"x\",\"dns_search\":[\"c\"],\"dns_options\":[\"rotate\"]}", host,
		"nameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch c\noptions rotate\n", 2);
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
	CU_ASSERT_EQUAL(network("{\"name\":\"n\",\"bridge\":\"kist1\"}"), -E_SYNTAX);
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
	{"a network's document is checked", networks},
};
UNIT_COUNT(netsetup_config)
