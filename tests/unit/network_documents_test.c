/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "lib/own.h"
#include "spec/network_definition.h"
#include "spec/network_result.h"
#include "spec/network_wish.h"
#include "tests/unit/unit.h"

/* What is read and written again is the same text. */
static void same_again(const struct schema *schema, void *document, const char *text)
{
	own_arena struct arena a = {0};
	own_buf struct buf again = {0};
	struct err err;

	CU_ASSERT_EQUAL(schema_decode_text(
				schema, text, strlen(text), JSON_DOCUMENT_MAX, document, &a, &err),
		0);
	json_write(schema_encode(schema, document, &a), JSON_COMPACT, &again);
	CU_ASSERT_STRING_EQUAL(buf_str(&again), text);
}

static void wish(void)
{
	struct network_wish w;

	same_again(&network_wish_schema, &w,
		"{\"container_id\":\"c1\",\"name\":\"web\",\"hostname\":\"web\",\"endpoints\":[{"
		"\"network\":\"default\",\"driver\":\"bridge\",\"interface\":\"eth0\",\"mac\":"
		"\"02:42:0a:58:00:02\",\"addresses\":[\"10.88.0.2\"],\"aliases\":[\"www\"],"
		"\"ports\":[{\"host_ip\":\"127.0.0.1\",\"host_port\":0,\"container_port\":80,"
		"\"protocol\":\"tcp\",\"count\":10}]},{\"network\":\"back\"}],\"dns\":[\"9.9.9.9\"]"
		",\"files\":\"/f\",\"held\":\"/l\"}");
}

static void result(void)
{
	struct network_result r;

	same_again(&network_result_schema, &r,
		"{\"netns\":\"/n\",\"endpoints\":[{\"network\":\"default\",\"driver\":\"bridge\","
		"\"interface\":\"eth0\",\"link\":\"veth0\",\"bridge\":\"kist0\",\"mac\":"
		"\"02:42:0a:58:00:02\",\"addresses\":[\"10.88.0.2/16\"],\"gateway\":\"10.88.0.1\","
		"\"ports\":[{\"host_port\":8080,\"container_port\":80}]}],\"files\":{\"hosts\":"
		"\"/f/hosts\"}}");
}

static void definition(void)
{
	struct network_definition d;

	same_again(&network_definition_schema, &d,
		"{\"name\":\"n\",\"id\":\"00\",\"driver\":\"bridge\",\"internal\":false,\"bridge\":"
		"\"kist1\",\"subnet\":\"10.89.0.0/16\",\"gateway\":\"10.89.0.1\",\"mtu\":1400,"
		"\"created\":\"2026-01-01T00:00:00Z\",\"labels\":{\"a\":\"b\"},\"endpoints\":{"
		"\"10.89.0.2\":\"c1\"}}");
}

static void names(void)
{
	char name[NETWORK_NAME_MAX + 2];

	CU_ASSERT_TRUE(network_name_valid("a"));
	CU_ASSERT_TRUE(network_name_valid("a.b-c_9"));
	CU_ASSERT_FALSE(network_name_valid(""));
	CU_ASSERT_FALSE(network_name_valid("."));
	CU_ASSERT_FALSE(network_name_valid("-a"));
	CU_ASSERT_FALSE(network_name_valid("../x"));
	CU_ASSERT_FALSE(network_name_valid("a/b"));
	memset(name, 'n', sizeof(name));
	name[NETWORK_NAME_MAX] = '\0';
	CU_ASSERT_TRUE(network_name_valid(name));
	name[NETWORK_NAME_MAX] = 'n';
	name[NETWORK_NAME_MAX + 1] = '\0';
	CU_ASSERT_FALSE(network_name_valid(name));
}

static void port_limits(void)
{
	static const struct {
		struct port port;
		bool right;
	} cases[] = {
		{{.container_port = 80}, true},
		{{.container_port = 80, .protocol = "sctp"}, true},
		{{.container_port = 80, .protocol = "TCP"}, false},
		{{.container_port = 0}, false},
		{{.container_port = 65536}, false},
		{{.container_port = 1, .host_port = 1, .count = 65535}, true},
		{{.container_port = 1, .count = 65535}, true},
		{{.container_port = 2, .host_port = 1, .count = 65535}, false},
		{{.container_port = 1, .host_port = 2, .count = 65535}, false},
		{{.container_port = 1, .host_port = 65536}, false},
		{{.container_port = UINT32_MAX, .count = UINT32_MAX}, false},
	};
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		CU_ASSERT_EQUAL(port_check(&cases[i].port, &err) == 0, cases[i].right);
}

static void port_lists(void)
{
	own_arena struct arena a = {0};
	struct port_list list = {0};

	for (uint32_t i = 1; i <= 100; i++)
		port_list_add(&list, &(struct port){.container_port = i}, &a);
	CU_ASSERT_EQUAL(list.count, 100);
	for (uint32_t i = 0; i < list.count; i++)
		CU_ASSERT_EQUAL(list.items[i].container_port, i + 1);
}

UNIT_TESTS(network_documents) = {
	{"a network wish is read as it is written", wish},
	{"a network result is read as it is written", result},
	{"a network definition is read as it is written", definition},
	{"network names are fit for files", names},
	{"ports in a row stay within 65535", port_limits},
	{"a list of ports grows and keeps its order", port_lists},
};
UNIT_COUNT(network_documents)
