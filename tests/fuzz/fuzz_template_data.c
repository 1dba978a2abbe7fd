/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever documents say, a template prints it or says why not: names and labels in them are an
 * image's or a container's.
 */
#include "engine/docker/template.h"
#include "tests/fuzz/fuzz.h"

static const char *const templates[] = {
	"{{json .}}",
	"{{.}}|{{.Name}}|{{.A.B}}",
	"{{range $k, $v := .}}{{$k}}={{$v}} {{end}}",
	"{{range .List}}{{.}}{{else}}none{{end}}{{len .List}}",
	"{{if .On}}{{printf \"%v %d %s %q %5.1f %x %T\" .N .N .N .N .N .N .N}}{{else}}{{println .N}}{{end}}",
	"{{index . \"Name\"}}{{index .List 0}}{{slice .Name 0 2}}",
	"{{with .Map}}{{range $k, $v := .}}{{$k | upper | title}}{{join $.List \",\"}}{{end}}{{end}}",
	"{{if and (eq .N 1) (lt .N 2) (ne .Name \"\") (not .On) (or .A .B)}}{{html .Name}}{{end}}",
	"{{urlquery .Name}}{{js .Name}}",
	"{{truncate .Name 3}}{{pad .Name 2 3}}{{split .Name \"/\"}}{{join (split .Name \"-\") \"+\"}}",
	"{{call .N}}",
};

/* A range over a number is as long as the number is high. */
static bool counts(const struct json *value)
{
	return value && value->type == JSON_NUMBER;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_arena struct arena a = {0};
	struct err err;
	const struct json *value;
	int64_t began = fuzz_clock();

	if (size > JSON_LINE_MAX)
		return 0;
	value = json_parse(&a, (const char *)data, size, JSON_DOCUMENT_MAX, &err);
	if (counts(value) || counts(json_get(value, "List")) || counts(json_get(value, "Map")))
		return 0;
	for (size_t i = 0; value && i < ARRAY_LEN(templates); i++) {
		own_buf struct buf out = {0}, again = {0};
		struct template *t;
		int r = template_parse(&a, templates[i], &t, &err);

		if (r == 0)
			r = template_execute(t, value, i & 1 ? "*x.Context" : NULL, &out, &err);
		if (r < 0) {
			fuzz_check_error(r, &err);
			continue;
		}
		/* some 6 characters for one, and what the template itself says for each */
		FUZZ_CHECK(out.len <= 100 + 200 * size);
		r = template_execute(t, value, i & 1 ? "*x.Context" : NULL, &again, &err);
		FUZZ_CHECK(r == 0 && out.len == again.len &&
			(!out.len || memcmp(out.data, again.data, out.len) == 0));
	}
	fuzz_check_cost(began, size);
	return 0;
}
