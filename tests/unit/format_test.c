/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/format.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static const struct format_column columns[] = {{"ID", "THING ID"}, {"Name", "NAME"}};
static const struct format_kind kind = {
	"*formatter.thingContext", columns, 2, "{{.ID}}\t{{.Name}}"};

static int format(const char *text, const char *rows, struct buf *out, struct err *err)
{
	own_arena struct arena a = {0};
	const struct json *list = json_parse(&a, rows, strlen(rows), JSON_DOCUMENT_MAX, err);

	return format_rows(&kind, text, list, out, err);
}

static const char two[] =
	"[{\"ID\":\"1\",\"Name\":\"a\",\"Label\":{\"k\":\"v\"}},{\"ID\":\"2\",\"Name\":\"b\"}]";

static void check(const char *text, const char *rows, const char *expected)
{
	own_buf struct buf out = {0};
	struct err err = {0};

	UNIT_OK(format(text, rows, &out, &err), &err);
	UNIT_STRING(buf_str(&out), expected);
}

static void forms(void)
{
	check(NULL, two, "THING ID   NAME\n1          a\n2          b\n");
	check(NULL, "[]", "THING ID   NAME\n");
	check("{{.Name}}", two, "a\nb\n");
	check("json", two, "{\"ID\":\"1\",\"Name\":\"a\"}\n{\"ID\":\"2\",\"Name\":\"b\"}\n");
	check("table {{upper .Name}}\\t{{.ID}}", two,
		"NAME      THING ID\nA         1\nB         2\n");
	check("{{.ID}}\\n", two, "1\n\n2\n\n");
}

static void errors(void)
{
	own_buf struct buf out = {0};
	struct err err = {0};

	CU_ASSERT_TRUE(format("{{.X}}", two, &out, &err) < 0);
	UNIT_STRING(err.msg,
		"failed to execute template: template: :1:2: executing \"\" at <.X>: can't "
		"evaluate field X in type *formatter.thingContext");
	CU_ASSERT_TRUE(format("{{", two, &out, &err) < 0);
	UNIT_STRING(err.msg, "template parsing error: template: :1: unclosed action");
}

UNIT_TESTS(format) = {
	{"the default table, templates, json, table templates", forms},
	{"errors in docker's words", errors},
};
UNIT_COUNT(format)
