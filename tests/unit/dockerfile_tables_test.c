/* SPDX-License-Identifier: Apache-2.0 */
/* The public tables of Dockerfiles with their parse trees, and of files that must be refused. */
#include <stdlib.h>
#include <string.h>

#include "builder/dockerfile/dockerfile.h"
#include "builder/dockerfile/dockerfile_json.h"
#include "lib/own.h"
#include "tests/unit/unit.h"

static const char *const names[] = {"ADD-COPY-with-JSON", "args", "brimstone-consuldock",
	"brimstone-docker-consul", "continue-at-eof", "continueIndent", "cpuguy83-nagios", "docker",
	"env", "escape", "escape-after-comment", "escape-nonewline", "escape-with-syntax",
	"escapes", "flags", "health", "influxdb", "jeztah-invalid-json-json-inside-string",
	"jeztah-invalid-json-json-inside-string-double", "jeztah-invalid-json-single-quotes",
	"jeztah-invalid-json-unterminated-bracket", "jeztah-invalid-json-unterminated-string",
	"kartar-entrypoint-oddities", "lk4d4-the-edge-case-generator", "mail", "multiple-volumes",
	"mumble", "nginx", "tf2", "trailing-backslash", "weechat", "znc"};

static const char *const refused[] = {
	"empty_dockerfile", "env_no_value", "only_comments", "shykes-nested-json"};

/* A string as Go's %q, as far as the tables need it. */
static void dump_quoted(const char *s, struct buf *out)
{
	buf_addc(out, '"');
	for (; *s; s++) {
		const char *from = "\"\\\b\f\n\r\t", *to = "\"\\bfnrt", *at = strchr(from, *s);

		if (at)
			buf_addf(out, "\\%c", to[at - from]);
		else
			buf_addc(out, *s);
	}
	buf_addc(out, '"');
}

static void dump_flags(const struct instruction *in, struct buf *out)
{
	for (size_t i = 0; i < in->flags.count; i++) {
		own_buf struct buf flag = {0};

		buf_addf(&flag, "--%s", in->flags.items[i].name);
		if (in->flags.items[i].value)
			buf_addf(&flag, "=%s", in->flags.items[i].value);
		buf_adds(out, i ? " " : " [");
		dump_quoted(buf_str(&flag), out);
	}
	if (in->flags.count)
		buf_addc(out, ']');
}

static void dump_pair(const struct instruction *in, const char *arg, struct buf *out)
{
	size_t n = strcspn(arg, "=");
	own_mem char *name = strndup(arg, n);

	dump_quoted(name, out);
	buf_addc(out, ' ');
	dump_quoted(arg + n + 1, out);
	buf_adds(out, in->legacy ? " \"\"" : " \"=\"");
}

static void dump(const struct instruction *in, struct buf *out)
{
	buf_addc(out, '(');
	for (const char *p = in->name; *p; p++)
		buf_addc(out, (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p));
	dump_flags(in, out);
	for (size_t i = 0; i < in->args.count && !in->trigger; i++) {
		buf_addc(out, ' ');
		if (in->kind == INSTRUCTION_ENV || in->kind == INSTRUCTION_LABEL)
			dump_pair(in, in->args.items[i], out);
		else
			dump_quoted(in->args.items[i], out);
	}
	if (in->trigger) {
		buf_addc(out, ' ');
		dump(in->trigger, out);
	}
	buf_addc(out, ')');
}

static void check_tree(const char *name)
{
	own_buf struct buf path = {0}, result_path = {0}, tree = {0};
	own_arena struct arena a = {0};
	struct dockerfile d;
	struct err err = {0};
	size_t len;
	own_mem char *text = NULL, *result = NULL;

	buf_addf(&path, "shared/data/dockerfile/parser/testfiles/%s/Dockerfile", name);
	buf_addf(&result_path, "shared/data/dockerfile/parser/testfiles/%s/result", name);
	text = unit_read_file(buf_str(&path), &len);
	result = unit_read_file(buf_str(&result_path), NULL);
	if (!text || !result)
		return;
	UNIT_OK(dockerfile_parse(text, len, &d, &a, &err), &err);
	for (size_t i = 0; i < d.instructions.count; i++) {
		dump(&d.instructions.items[i], &tree);
		buf_addc(&tree, '\n');
	}
	if (strlen(result) && result[strlen(result) - 1] != '\n')
		tree.data[tree.len - 1] = '\0';
	if (strcmp(buf_str(&tree), result) != 0) {
		UNIT_STRING(name, "the right tree");
		UNIT_STRING(buf_str(&tree), result);
	}
}

static void trees(void)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		check_tree(names[i]);
}

/* Its last string holds \u0000, which no argument of a program can. */
static void nul_in_json(void)
{
	struct err ignored;
	own_arena struct arena a = {0};
	struct dockerfile d;
	size_t len;
	own_mem char *text = unit_read_file(
		"shared/data/dockerfile/parser/testfiles/json/Dockerfile", &len);

	if (!text)
		return;
	CU_ASSERT_EQUAL(dockerfile_parse(text, len, &d, &a, &ignored), -E_SYNTAX);
	CU_ASSERT_EQUAL(d.instructions.count, 7);
}

static void refusals(void)
{
	struct err ignored;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		own_buf struct buf path = {0};
		own_arena struct arena a = {0};
		struct dockerfile d;
		size_t len;
		own_mem char *text = NULL;

		buf_addf(&path, "shared/data/dockerfile/parser/testfiles-negative/%s/Dockerfile",
			refused[i]);
		text = unit_read_file(buf_str(&path), &len);
		if (text)
			CU_ASSERT_EQUAL(dockerfile_parse(text, len, &d, &a, &ignored), -E_SYNTAX);
	}
}

UNIT_TESTS(dockerfile_tables) = {
	{"every Dockerfile of the table has its tree", trees},
	{"a NUL escaped in JSON is refused, unlike in the table", nul_in_json},
	{"every wrong Dockerfile of the table is refused", refusals},
};
UNIT_COUNT(dockerfile_tables)
