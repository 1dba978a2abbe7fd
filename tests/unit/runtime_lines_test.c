/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/runtime_lines.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static void last_error(void)
{
	own_arena struct arena a = {0};
	struct runtime_log_line line;

	CU_ASSERT_FALSE(runtime_log_last_error("", &line, &a));
	CU_ASSERT_FALSE(runtime_log_last_error(
		"{\"level\":\"warning\",\"msg\":\"w\"}\nno line\n", &line, &a));
	CU_ASSERT_TRUE(runtime_log_last_error("{\"level\":\"error\",\"msg\":\"first\",\"code\":2}\n"
					      "{\"level\":\"fatal\",\"msg\":\"last\"}\n"
					      "{\"level\":\"info\",\"msg\":\"after it\"}",
		&line, &a));
	CU_ASSERT_STRING_EQUAL(line.msg, "last");
	CU_ASSERT_EQUAL(line.code, 0);
	CU_ASSERT_FALSE(runtime_log_last_error("{\"level\":\"error\",\"msg\":7}\n", &line, &a));
}

/* runc's document, and what hooks get: members that are not there are not written. */
static void states(void)
{
	static const char running[] = "{\"id\":\"c\",\"status\":\"running\",\"pid\":7,"
				      "\"annotations\":{\"k\":\"v\"},\"x\":1}";
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct err err = {0};
	int64_t pid = 0;
	struct runtime_state state = {.oci_version = "1.3.0",
		.id = "c",
		.status = "stopped",
		.pid = &pid,
		.bundle = "/b",
		.rootfs = "/b/rootfs",
		.created = "2026-11-24T04:25:11Z",
		.owner = ""};

	json_write(schema_encode(&runtime_state_schema, &state, &a), JSON_COMPACT, &text);
	UNIT_STRING(buf_str(&text),
		"{\"ociVersion\":\"1.3.0\",\"id\":\"c\",\"status\":\"stopped\",\"pid\":0,\"bundle\":\"/b\","
		"\"rootfs\":\"/b/rootfs\",\"created\":\"2026-11-24T04:25:11Z\",\"owner\":\"\"}");
	UNIT_OK(schema_decode_text(&runtime_state_schema, running, strlen(running),
			JSON_DOCUMENT_MAX, &state, &a, &err),
		&err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(state.pid);
	CU_ASSERT_EQUAL(*state.pid, 7);
	UNIT_STRING(state.annotations.items[0].value, "v");
	state = (struct runtime_state){.id = "c", .status = "created", .bundle = ""};
	buf_reset(&text);
	json_write(schema_encode(&runtime_state_schema, &state, &a), JSON_COMPACT, &text);
	UNIT_STRING(buf_str(&text), "{\"id\":\"c\",\"status\":\"created\",\"bundle\":\"\"}");
}

UNIT_TESTS(runtime_lines) = {
	{"the last error of a runtime's log is found among other lines", last_error},
	{"a state is written with what it has", states},
};

UNIT_COUNT(runtime_lines)
