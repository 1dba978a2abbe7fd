/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/schema.h"

#include <stdbool.h>
#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

struct inner {
	const char *name;
	int64_t size;
};

struct keyed {
	const char *key;
	uint32_t *value;
};

struct outer {
	const char *text, *always_text;
	bool flag;
	bool *opt_flag;
	int64_t i64;
	uint32_t u32, always_u32;
	uint64_t u64;
	int64_t *opt_i64;
	uint32_t *opt_u32;
	uint64_t *opt_u64;
	struct strings strings, set;
	struct uint32_list numbers;
	struct string_map map;
	struct inner sub;
	struct inner *opt_sub;
	LIST_OF(struct inner) list;
	LIST_OF(struct keyed) keyed;
	const struct json *any, *source;
};

static const struct schema_field inner_fields[] = {
	FIELD(struct inner, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct inner, size, "size", SCHEMA_INT64),
};
static const struct schema inner_schema = SCHEMA(struct inner, inner_fields);

static const struct schema_field keyed_fields[] = {
	FIELD(struct keyed, value, "value", SCHEMA_OPT_UINT32),
};
static const struct schema keyed_schema = SCHEMA(struct keyed, keyed_fields);

static const struct schema_field outer_fields[] = {
	FIELD(struct outer, text, "text", SCHEMA_STRING),
	FIELD(struct outer, always_text, "alwaysText", SCHEMA_STRING, .flags = SCHEMA_ALWAYS),
	FIELD(struct outer, flag, "flag", SCHEMA_BOOL),
	FIELD(struct outer, opt_flag, "optFlag", SCHEMA_OPT_BOOL),
	FIELD(struct outer, i64, "i64", SCHEMA_INT64),
	FIELD(struct outer, u32, "u32", SCHEMA_UINT32),
	FIELD(struct outer, always_u32, "alwaysU32", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct outer, u64, "u64", SCHEMA_UINT64),
	FIELD(struct outer, opt_i64, "optI64", SCHEMA_OPT_INT64),
	FIELD(struct outer, opt_u32, "optU32", SCHEMA_OPT_UINT32),
	FIELD(struct outer, opt_u64, "optU64", SCHEMA_OPT_UINT64),
	FIELD(struct outer, strings, "strings", SCHEMA_STRINGS),
	FIELD(struct outer, set, "set", SCHEMA_SET),
	FIELD(struct outer, numbers, "numbers", SCHEMA_UINT32S),
	FIELD(struct outer, map, "map", SCHEMA_STRING_MAP),
	FIELD(struct outer, sub, "sub", SCHEMA_STRUCT, .sub = &inner_schema),
	FIELD(struct outer, opt_sub, "optSub", SCHEMA_OPT_STRUCT, .sub = &inner_schema),
	FIELD(struct outer, list, "list", SCHEMA_LIST, .sub = &inner_schema),
	FIELD(struct outer, keyed, "keyed", SCHEMA_STRUCT_MAP, .sub = &keyed_schema),
	FIELD(struct outer, any, "any", SCHEMA_JSON),
	FIELD(struct outer, source, NULL, SCHEMA_SOURCE),
};
static const struct schema outer_schema = SCHEMA(struct outer, outer_fields);

static const char *recoded(const char *text, struct outer *o, struct arena *a)
{
	own_buf struct buf out = {0};
	struct err err = {0};

	UNIT_OK(schema_decode_text(&outer_schema, text, strlen(text), JSON_LINE_MAX, o, a, &err),
		&err);
	json_write(schema_encode(&outer_schema, o, a), JSON_COMPACT, &out);
	return arena_strdup(a, buf_str(&out));
}

static void every_kind(void)
{
	static const char text[] =
		"{\"text\":\"t\",\"alwaysText\":\"\",\"flag\":true,\"optFlag\":false,\"i64\":-1,"
		"\"u32\":1,\"alwaysU32\":0,\"u64\":2,\"optI64\":0,\"optU32\":0,\"optU64\":0,"
		"\"strings\":[\"a\",\"b\",\"c\"],\"set\":{\"x\":{}},\"numbers\":[1,2],"
		"\"map\":{\"k\":\"v\"},\"sub\":{\"name\":\"n\",\"size\":1},"
		"\"optSub\":{\"name\":\"\"},\"list\":[{\"name\":\"a\"},{\"name\":\"b\"}],"
		"\"keyed\":{\"one\":{\"value\":1},\"none\":{}},\"any\":[1,{}],\"unknown\":{\"x\":1}}";
	own_arena struct arena a = {0};
	struct outer o;

	UNIT_STRING(recoded(text, &o, &a), text);
	CU_ASSERT_FALSE(*o.opt_flag);
	CU_ASSERT_EQUAL(*o.opt_u64, 0);
	CU_ASSERT_PTR_NULL(o.strings.items[3]);
	UNIT_STRING(o.keyed.items[1].key, "none");
	UNIT_STRING(string_map_get(&o.map, "k"), "v");
	CU_ASSERT_PTR_NULL(string_map_get(&o.map, "x"));
}

static void missing_and_null(void)
{
	own_arena struct arena a = {0};
	struct outer o;

	UNIT_STRING(recoded("{}", &o, &a), "{\"alwaysText\":\"\",\"alwaysU32\":0}");
	CU_ASSERT_PTR_NULL(o.opt_flag);
	UNIT_STRING(recoded("{\"text\":null,\"list\":null,\"optSub\":null,\"any\":null}", &o, &a),
		"{\"alwaysText\":\"\",\"alwaysU32\":0}");
}

static void empty_containers(void)
{
	static const char text[] = "{\"alwaysText\":\"\",\"alwaysU32\":0,\"strings\":[],\"set\":{},"
				   "\"numbers\":[],\"map\":{},\"list\":[],\"keyed\":{}}";
	own_arena struct arena a = {0};
	struct outer o;

	UNIT_STRING(recoded(text, &o, &a), text);
}

static void errors_name_the_place(void)
{
	static const char *const table[][2] = {
		{"{\"text\":1}", "text: expected a string"},
		{"{\"flag\":0}", "flag: expected true or false"},
		{"{\"u32\":4294967296}", "u32: number out of range"},
		{"{\"optU32\":-1}", "optU32: number out of range"},
		{"{\"i64\":1.5}", "i64: expected a whole number"},
		{"{\"strings\":[\"a\",1]}", "strings[1]: expected a string"},
		{"{\"strings\":{}}", "strings: expected an array of strings"},
		{"{\"numbers\":[1,-1]}", "numbers[1]: number out of range"},
		{"{\"map\":{\"k\":1}}", "map.k: expected a string"},
		{"{\"set\":[]}", "set: expected an object"},
		{"{\"sub\":{}}", "sub.name: missing"},
		{"{\"sub\":[]}", "sub: expected an object"},
		{"{\"optSub\":{\"name\":\"n\",\"size\":\"x\"}}", "optSub.size: expected a whole"},
		{"{\"list\":[{\"name\":\"a\"},{}]}", "list[1].name: missing"},
		{"{\"list\":[1]}", "list[0]: expected an object"},
		{"{\"keyed\":{\"a\":{\"value\":\"x\"}}}", "keyed.a.value: expected a whole number"},
		{"[]", "expected an object"},
	};
	own_arena struct arena a = {0};
	struct outer o;
	struct err err = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		CU_ASSERT_EQUAL(schema_decode_text(&outer_schema, table[i][0], strlen(table[i][0]),
					JSON_LINE_MAX, &o, &a, &err),
			-E_SYNTAX);
		if (strncmp(err.msg, table[i][1], strlen(table[i][1])) != 0)
			UNIT_STRING(err.msg, table[i][1]);
	}
}

static void growing(void)
{
	own_arena struct arena a = {0};
	struct strings list = {0};
	struct string_map map = {0};

	for (int i = 0; i < 1000; i++) {
		strings_add(&a, &list, arena_printf(&a, "%d", i));
		CU_ASSERT_PTR_NULL(list.items[list.count]);
	}
	UNIT_STRING(list.items[999], "999");
	UNIT_STRING(list.items[511], "511");
	CU_ASSERT(strings_has(&list, "0") && strings_has(&list, "999"));
	CU_ASSERT(!strings_has(&list, "1000") && !strings_has(&(struct strings){0}, "0"));
	string_map_set(&a, &map, "a", "1");
	string_map_set(&a, &map, "b", "2");
	string_map_set(&a, &map, "a", "3");
	CU_ASSERT_EQUAL(map.count, 2);
	UNIT_STRING(string_map_get(&map, "a"), "3");
}

/* A list that came from a document can be added to. */
static void growing_decoded(void)
{
	own_arena struct arena a = {0};
	struct outer o;

	recoded("{\"strings\":[\"a\",\"b\",\"c\"]}", &o, &a);
	for (int i = 0; i < 6; i++)
		strings_add(&a, &o.strings, "x");
	CU_ASSERT_EQUAL(o.strings.count, 9);
	UNIT_STRING(o.strings.items[2], "c");
	CU_ASSERT_PTR_NULL(o.strings.items[9]);
}

/* What is written can be read, also when a number that must be there is 0. */
static void required_zero(void)
{
	struct pair {
		uint32_t number;
		bool flag;
	} in = {0}, out = {1, true};
	const struct schema_field fields[] = {
		FIELD(struct pair, number, "number", SCHEMA_UINT32, .flags = SCHEMA_REQUIRED),
		FIELD(struct pair, flag, "flag", SCHEMA_BOOL, .flags = SCHEMA_REQUIRED),
	};
	const struct schema schema = SCHEMA(struct pair, fields);
	own_arena struct arena a = {0};
	struct err err = {0};

	UNIT_OK(schema_decode(&schema, schema_encode(&schema, &in, &a), &out, &a, &err), &err);
	CU_ASSERT(out.number == 0 && !out.flag);
}

UNIT_TESTS(schema) = {
	{"every kind of field is written as it was read, unknown ones last", every_kind},
	{"null is the same as missing", missing_and_null},
	{"empty containers stay", empty_containers},
	{"errors name the place", errors_name_the_place},
	{"lists and maps grow", growing},
	{"a decoded list grows", growing_decoded},
	{"a number that must be there is written when it is 0", required_zero},
};
UNIT_COUNT(schema)
