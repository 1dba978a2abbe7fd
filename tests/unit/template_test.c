/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/template.h"

#include <string.h>

#include "lib/own.h"
#include "tests/unit/unit.h"

static const char document[] =
	"{\"Name\":\"/web\",\"ID\":\"0123456789abcdef\",\"Count\":3,\"Zero\":0,"
	"\"On\":true,\"Nothing\":null,\"Empty\":\"\",\"List\":[\"a\",\"b\",\"c\"],"
	"\"Map\":{\"z\":\"26\",\"a\":\"1\"},\"State\":{\"Status\":\"running\"},"
	"\"Label\":{\"k\":\"v\"}}";

struct row {
	const char *template, *output; /* or the message of the failure, behind '!' */
};

static void check(const struct row *row, const char *type)
{
	own_arena struct arena a = {0};
	own_buf struct buf out = {0};
	struct err err = {0};
	const struct json *data = json_parse(
		&a, document, strlen(document), JSON_DOCUMENT_MAX, &err);
	struct template *t;
	int r = template_parse(&a, row->template, &t, &err);

	if (r == 0)
		r = template_execute(t, data, type, &out, &err);
	if (row->output[0] == '!') {
		CU_ASSERT_TRUE(r < 0);
		UNIT_STRING(err.msg, row->output + 1);
	} else {
		UNIT_OK(r, &err);
		UNIT_STRING(buf_str(&out), row->output);
	}
}

static void check_all(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(&rows[i], NULL);
}

static void fields(void)
{
	static const struct row rows[] = {{"{{.Name}}", "/web"}, {"{{ .State.Status }}", "running"},
		{"{{.Count}} {{.On}} {{.Nothing}}", "3 true <nil>"}, {"{{.List}}", "[a b c]"},
		{"{{.Map}}", "map[a:1 z:26]"}, {"{{.Label \"k\"}}-{{.Label \"x\"}}", "v-"},
		{"{{$.Name}}", "/web"}, {"{{(.State).Status}}", "running"}, {"plain", "plain"}};

	check_all(rows, ARRAY_LEN(rows));
}

static void actions(void)
{
	static const struct row rows[] = {
		{"{{if .On}}yes{{else}}no{{end}}", "yes"},
		{"{{if .Zero}}a{{else if eq .Count 3}}b{{else}}c{{end}}", "b"},
		{"{{if not .Empty}}empty{{end}}", "empty"},
		{"{{range .List}}<{{.}}>{{end}}", "<a><b><c>"},
		{"{{range $i, $v := .List}}{{$i}}={{$v}} {{end}}", "0=a 1=b 2=c "},
		{"{{range $k, $v := .Map}}{{$k}}:{{$v}};{{end}}", "a:1;z:26;"},
		{"{{range .Nothing}}x{{else}}none{{end}}", "none"},
		{"{{range .List}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}", "a"},
		{"{{range .List}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{end}}", "ac"},
		{"{{with .State}}{{.Status}}{{end}}", "running"},
		{"{{with .Empty}}x{{else}}y{{end}}", "y"},
		{"{{$x := .Name}}{{$x = \"new\"}}{{$x}}", "new"},
		{"{{define \"t\"}}[{{.}}]{{end}}{{template \"t\" .Count}}", "[3]"},
		{"{{block \"b\" .Name}}({{.}}){{end}}", "(/web)"},
		{"a {{- .Count -}} b", "a3b"},
		{"{{/* nothing */}}x{{- /* and more */ -}} y", "xy"},
	};

	check_all(rows, ARRAY_LEN(rows));
}

static void functions(void)
{
	static const struct row rows[] = {{"{{json .State}}", "{\"Status\":\"running\"}"},
		{"{{.Name | upper | printf \"%s!\"}}", "/WEB!"},
		{"{{join .List \", \"}}", "a, b, c"}, {"{{index (split .Name \"/\") 1}}", "web"},
		{"{{index .List 1}}{{index .Map \"z\"}}", "b26"}, {"{{len .List}}", "3"},
		{"{{slice .ID 0 4}}", "0123"}, {"{{truncate .ID 6}}", "012345"},
		{"{{title \"two words\"}}", "Two Words"}, {"[{{pad .Name 1 2}}]", "[ /web  ]"},
		{"{{printf \"%5d|%-5s|%05d|%q|%v|%x\" .Count \"ab\" 42 \"q\" .List 255}}",
			"    3|ab   |00042|\"q\"|[a b c]|ff"},
		{"{{printf \"%.2f %t %%\" 1.5 .On}}", "1.50 true %"},
		{"{{and .On .Zero}} {{or .Empty .Name}}", "0 /web"},
		{"{{if and .On (gt .Count 2) (le .Count 3) (ne .Name \"x\")}}all{{end}}", "all"},
		{"{{eq .Count 1 2 3}} {{lt \"a\" \"b\"}}", "true true"},
		{"{{print 1 2 \"x\" 3}}{{println}}", "1 2x3\n"},
		{"{{html \"<a&b>\"}}", "&lt;a&amp;b&gt;"}, {"{{urlquery \"a b/c\"}}", "a+b%2Fc"},
		{"{{'A'}} {{\"\\u00e9\\t\"}}", "65 é\t"}, {"{{`raw \\n`}}", "raw \\n"}};

	check_all(rows, ARRAY_LEN(rows));
}

static void errors(void)
{
	static const struct row rows[] = {{"{{", "!template: :1: unclosed action"},
		{"{{.Name", "!template: :1: unclosed action"},
		{"{{nosuch 1}}", "!template: :1: function \"nosuch\" not defined"},
		{"{{if .On}}x", "!template: :1: unexpected EOF"},
		{"a\n{{end}}", "!template: :2: unexpected {{end}}"},
		{"{{$x}}", "!template: :1: undefined variable \"$x\""},
		{"{{\"a}}", "!template: :1: unterminated quoted string"},
		{"{{break}}", "!template: :1: break or continue outside {{range}}"},
		{"{{.Nope}}",
			"!template: :1:2: executing \"\" at <.Nope>: map has no entry for key \"Nope\""},
		{"{{.Name.X}}",
			"!template: :1:2: executing \"\" at <.Name.X>: can't evaluate field X in type string"},
		{"{{index .List 9}}",
			"!template: :1:2: executing \"\" at <index>: error calling index: "
			"reflect: slice index out of range"},
		{"{{template \"t\"}}", "!template: :1: template \"t\" not defined"},
		{"{{define \"r\"}}{{template \"r\"}}{{end}}{{template \"r\"}}",
			"!template: exceeded maximum template depth (64)"}};
	static const struct row typed = {"{{.X}}",
		"!template: :1:2: executing \"\" at <.X>: can't evaluate field X in type "
		"*formatter.ContainerContext"};

	check_all(rows, ARRAY_LEN(rows));
	check(&typed, "*formatter.ContainerContext");
}

UNIT_TESTS(template) = {
	{"fields, variables and values print as in Go", fields},
	{"if, range, with, define, block, comments and trimming", actions},
	{"Go's functions and docker's", functions},
	{"what is wrong is told with Go's words and the place", errors},
};
UNIT_COUNT(template)
