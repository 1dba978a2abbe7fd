/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of Go's text/template and of docker's --format, on JSON values. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/template_ast.h"
#include "lib/own.h"

struct args {
	struct arena *a;
	const struct json *const *items;
	size_t count;
	struct err *err;
};

bool template_truth(const struct json *value)
{
	if (!value)
		return false;
	switch (value->type) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return value->boolean;
	case JSON_NUMBER:
		return strtod(value->text, NULL) != 0;
	case JSON_STRING:
		return *value->text;
	case JSON_ARRAY:
	case JSON_OBJECT:
		return value->count > 0;
	}
	return false;
}

static int compare_members(const void *a, const void *b)
{
	return strcmp((*(const struct json *const *)a)->key, (*(const struct json *const *)b)->key);
}

static void print_map(const struct json *value, struct buf *out)
{
	own_mem const struct json **members = xcalloc(value->count, sizeof(const struct json *));
	size_t n = 0;

	json_each_member (member, value)
		members[n++] = member;
	qsort(members, n, sizeof(const struct json *), compare_members);
	buf_adds(out, "map[");
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "%s%s:", i ? " " : "", members[i]->key);
		template_print(members[i], out);
	}
	buf_addc(out, ']');
}

void template_print(const struct json *value, struct buf *out)
{
	if (!value || value->type == JSON_NULL) {
		buf_adds(out, "<nil>");
		return;
	}
	switch (value->type) {
	case JSON_BOOL:
		buf_adds(out, value->boolean ? "true" : "false");
		break;
	case JSON_ARRAY:
		buf_addc(out, '[');
		json_each (item, value) {
			template_print(item, out);
			if (item->next)
				buf_addc(out, ' ');
		}
		buf_addc(out, ']');
		break;
	case JSON_OBJECT:
		print_map(value, out);
		break;
	default:
		buf_adds(out, value->text);
	}
}

static const struct json *new_text(struct arena *a, const struct buf *text)
{
	return json_new_string(a, buf_str(text));
}

/* Argument i as text, whatever its type. In the arena. */
static const char *arg_text(const struct args *in, size_t i)
{
	own_buf struct buf text = {0};

	if (in->items[i] && in->items[i]->type == JSON_STRING)
		return in->items[i]->text;
	template_print(in->items[i], &text);
	return arena_strdup(in->a, buf_str(&text));
}

static int wrong_type(const struct args *in, const char *expected)
{
	return err_set(in->err, E_SYNTAX, "wrong type for value; expected %s", expected);
}

static bool is_type(const struct args *in, size_t i, enum json_type type)
{
	return in->items[i] && in->items[i]->type == type;
}

static int arg_index(const struct args *in, size_t i, size_t length, size_t *index)
{
	int64_t n;

	if (!is_type(in, i, JSON_NUMBER) || json_int64(in->items[i], &n) < 0)
		return err_set(in->err, E_SYNTAX, "cannot index slice/array with type string");
	if (n < 0 || (uint64_t)n > length)
		return err_set(in->err, E_SYNTAX,
			"error calling index: reflect: slice index out of range");
	*index = (size_t)n;
	return 0;
}

static int call_not(const struct args *in, const struct json **out)
{
	*out = json_new_bool(in->a, !template_truth(in->items[0]));
	return 0;
}

/* <0, 0, >0; order false: only equality is asked. Types that do not compare are an error. */
static int compare(const struct args *in, size_t i, bool order, int *result)
{
	const struct json *x = in->items[0], *y = in->items[i];
	double a, b;

	if (!x || !y || x->type == JSON_NULL || y->type == JSON_NULL) {
		*result = (x && x->type != JSON_NULL) - (y && y->type != JSON_NULL);
		return order ? err_set(in->err, E_SYNTAX, "invalid type for comparison") : 0;
	}
	if (x->type != y->type)
		return err_set(
			in->err, E_SYNTAX, "error calling eq: incompatible types for comparison");
	switch (x->type) {
	case JSON_STRING:
		*result = strcmp(x->text, y->text);
		return 0;
	case JSON_NUMBER:
		a = strtod(x->text, NULL);
		b = strtod(y->text, NULL);
		*result = (a > b) - (a < b);
		return 0;
	case JSON_BOOL:
		*result = x->boolean != y->boolean;
		return order ? err_set(in->err, E_SYNTAX, "invalid type for comparison") : 0;
	default:
		return err_set(in->err, E_SYNTAX, "error calling eq: non-comparable type");
	}
}

static int call_eq(const struct args *in, const struct json **out)
{
	bool equal = false;
	int c;

	for (size_t i = 1; i < in->count && !equal; i++) {
		if (compare(in, i, false, &c) < 0)
			return -E_SYNTAX;
		equal = c == 0;
	}
	*out = json_new_bool(in->a, equal);
	return 0;
}

static int call_ne(const struct args *in, const struct json **out)
{
	int c;

	if (compare(in, 1, false, &c) < 0)
		return -E_SYNTAX;
	*out = json_new_bool(in->a, c != 0);
	return 0;
}

#define ORDER_FUNCTION(name, condition)                                                            \
	static int name(const struct args *in, const struct json **out)                            \
	{                                                                                          \
		int c;                                                                             \
                                                                                                   \
		if (compare(in, 1, true, &c) < 0)                                                  \
			return -E_SYNTAX;                                                          \
		*out = json_new_bool(in->a, condition);                                            \
		return 0;                                                                          \
	}

ORDER_FUNCTION(call_lt, c < 0)
ORDER_FUNCTION(call_le, c <= 0)
ORDER_FUNCTION(call_gt, c > 0)
ORDER_FUNCTION(call_ge, c >= 0)

static int call_len(const struct args *in, const struct json **out)
{
	const struct json *v = in->items[0];

	if (!v || (v->type != JSON_STRING && v->type != JSON_ARRAY && v->type != JSON_OBJECT))
		return err_set(in->err, E_SYNTAX, "error calling len: len of type %s",
			v && v->type == JSON_NUMBER ? "int" : "nil");
	*out = json_new_int(in->a, (int64_t)(v->type == JSON_STRING ? strlen(v->text) : v->count));
	return 0;
}

static int call_index(const struct args *in, const struct json **out)
{
	const struct json *v = in->items[0];

	for (size_t i = 1; i < in->count; i++) {
		size_t n;

		if (v && v->type == JSON_OBJECT) {
			if (!is_type(in, i, JSON_STRING))
				return wrong_type(in, "string");
			v = json_get(v, in->items[i]->text);
			if (!v) /* the zero value of a map of strings, docker's commonest kind */
				v = json_new_string(in->a, "");
			continue;
		}
		if (!v || v->type != JSON_ARRAY)
			return err_set(in->err, E_SYNTAX,
				v ? "error calling index: can't index item of type string"
				  : "error calling index: index of untyped nil");
		if (arg_index(in, i, v->count, &n) < 0)
			return -E_SYNTAX;
		v = v->first;
		while (v && n--)
			v = v->next;
		if (!v)
			return err_set(in->err, E_SYNTAX,
				"error calling index: reflect: slice index out of range");
	}
	*out = v;
	return 0;
}

static int call_slice(const struct args *in, const struct json **out)
{
	const struct json *v = in->items[0];
	struct json *part;
	size_t from = 0, to, i = 0;

	if (!v || (v->type != JSON_STRING && v->type != JSON_ARRAY))
		return err_set(in->err, E_SYNTAX, "error calling slice: can't slice item");
	to = v->type == JSON_STRING ? strlen(v->text) : v->count;
	if (in->count > 2 && arg_index(in, 2, to, &to) < 0)
		return -E_SYNTAX;
	if (in->count > 1 && arg_index(in, 1, to, &from) < 0)
		return -E_SYNTAX;
	if (v->type == JSON_STRING) {
		*out = json_new_string(in->a, arena_strndup(in->a, v->text + from, to - from));
		return 0;
	}
	part = json_new_array(in->a);
	json_each (item, v) {
		if (i >= from && i < to)
			json_append(part, json_copy(in->a, item));
		i++;
	}
	*out = part;
	return 0;
}

/* fmt.Print puts a space between operands when neither is a string; Println between all. */
static int print_all(const struct args *in, bool line, const struct json **out)
{
	own_buf struct buf text = {0};

	for (size_t i = 0; i < in->count; i++) {
		if (i &&
			(line ||
				(!is_type(in, i - 1, JSON_STRING) && !is_type(in, i, JSON_STRING))))
			buf_addc(&text, ' ');
		template_print(in->items[i], &text);
	}
	if (line)
		buf_addc(&text, '\n');
	*out = new_text(in->a, &text);
	return 0;
}

static int call_print(const struct args *in, const struct json **out)
{
	return print_all(in, false, out);
}

static int call_println(const struct args *in, const struct json **out)
{
	return print_all(in, true, out);
}

static int call_printf(const struct args *in, const struct json **out)
{
	own_buf struct buf text = {0};

	if (!is_type(in, 0, JSON_STRING))
		return wrong_type(in, "string");
	template_printf(in->items[0]->text, in->items + 1, in->count - 1, &text);
	*out = new_text(in->a, &text);
	return 0;
}

struct replacement {
	char from;
	const char *to;
};

static const struct json *replace(const struct args *in, const struct replacement *list, size_t n)
{
	own_buf struct buf text = {0};

	for (const char *s = arg_text(in, 0); *s; s++) {
		const char *to = NULL;

		for (size_t i = 0; i < n && !to; i++)
			if (list[i].from == *s)
				to = list[i].to;
		if (to)
			buf_adds(&text, to);
		else
			buf_addc(&text, *s);
	}
	return new_text(in->a, &text);
}

static int call_html(const struct args *in, const struct json **out)
{
	static const struct replacement list[] = {
		{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&#34;"}, {'\'', "&#39;"}};

	*out = replace(in, list, ARRAY_LEN(list));
	return 0;
}

static int call_js(const struct args *in, const struct json **out)
{
	static const struct replacement list[] = {{'\\', "\\\\"}, {'\'', "\\'"}, {'"', "\\\""},
		{'<', "\\u003C"}, {'>', "\\u003E"}, {'&', "\\u0026"}, {'=', "\\u003D"},
		{'\n', "\\u000A"}, {'\r', "\\u000D"}, {'\t', "\\u0009"}};

	*out = replace(in, list, ARRAY_LEN(list));
	return 0;
}

static int call_urlquery(const struct args *in, const struct json **out)
{
	own_buf struct buf text = {0};

	for (const char *s = arg_text(in, 0); *s; s++) {
		if (isalnum((unsigned char)*s) || strchr("-_.~", *s))
			buf_addc(&text, *s);
		else if (*s == ' ')
			buf_addc(&text, '+');
		else
			buf_addf(&text, "%%%02X", (unsigned char)*s);
	}
	*out = new_text(in->a, &text);
	return 0;
}

static int call_json(const struct args *in, const struct json **out)
{
	own_buf struct buf text = {0};

	if (in->items[0])
		json_write(in->items[0], JSON_COMPACT, &text);
	else
		buf_adds(&text, "null");
	*out = new_text(in->a, &text);
	return 0;
}

static int call_split(const struct args *in, const struct json **out)
{
	struct json *list = json_new_array(in->a);
	const char *s, *separator;
	size_t n;

	if (!is_type(in, 0, JSON_STRING) || !is_type(in, 1, JSON_STRING))
		return wrong_type(in, "string");
	s = in->items[0]->text;
	separator = in->items[1]->text;
	n = strlen(separator);
	for (;;) {
		const char *end = n ? strstr(s, separator) : *s && s[1] ? s + 1 : NULL;

		if (!end)
			break;
		json_append(
			list, json_new_string(in->a, arena_strndup(in->a, s, (size_t)(end - s))));
		s = end + n;
	}
	json_append(list, json_new_string(in->a, s));
	*out = list;
	return 0;
}

static int call_join(const struct args *in, const struct json **out)
{
	own_buf struct buf text = {0};

	if (in->items[0] && in->items[0]->type != JSON_NULL && !is_type(in, 0, JSON_ARRAY))
		return wrong_type(in, "[]string");
	if (!is_type(in, 1, JSON_STRING))
		return wrong_type(in, "string");
	json_each (item, in->items[0]) {
		template_print(item, &text);
		if (item->next)
			buf_adds(&text, in->items[1]->text);
	}
	*out = new_text(in->a, &text);
	return 0;
}

static int change_case(
	const struct args *in, int (*first)(int), int (*rest)(int), const struct json **out)
{
	own_buf struct buf text = {0};
	bool at_start = true;

	if (!is_type(in, 0, JSON_STRING))
		return wrong_type(in, "string");
	for (const char *s = in->items[0]->text; *s; s++) {
		int (*change)(int) = at_start ? first : rest;

		buf_addc(&text, change && (unsigned char)*s < 0x80 ? (char)change(*s) : *s);
		at_start = isspace((unsigned char)*s);
	}
	*out = new_text(in->a, &text);
	return 0;
}

static int call_lower(const struct args *in, const struct json **out)
{
	return change_case(in, tolower, tolower, out);
}

static int call_upper(const struct args *in, const struct json **out)
{
	return change_case(in, toupper, toupper, out);
}

static int call_title(const struct args *in, const struct json **out)
{
	return change_case(in, toupper, NULL, out);
}

static int call_pad(const struct args *in, const struct json **out)
{
	size_t before, after;

	if (!is_type(in, 0, JSON_STRING))
		return wrong_type(in, "string");
	if (arg_index(in, 1, 10000, &before) < 0 || arg_index(in, 2, 10000, &after) < 0)
		return -E_SYNTAX;
	if (!*in->items[0]->text)
		before = after = 0;
	*out = json_new_string(in->a,
		arena_printf(
			in->a, "%*s%s%*s", (int)before, "", in->items[0]->text, (int)after, ""));
	return 0;
}

static int call_truncate(const struct args *in, const struct json **out)
{
	size_t n, length;

	if (!is_type(in, 0, JSON_STRING))
		return wrong_type(in, "string");
	length = strlen(in->items[0]->text);
	if (arg_index(in, 1, SIZE_MAX / 2, &n) < 0)
		return -E_SYNTAX;
	*out = json_new_string(
		in->a, arena_strndup(in->a, in->items[0]->text, n < length ? n : length));
	return 0;
}

static const struct function {
	const char *name;
	int min, max; /* arguments; max -1: any number */
	int (*call)(const struct args *in, const struct json **out);
} functions[] = {
	{"and", 1, -1, NULL}, /* and, or: template_eval.c, they stop early */
	{"or", 1, -1, NULL},
	{"not", 1, 1, call_not},
	{"eq", 2, -1, call_eq},
	{"ne", 2, 2, call_ne},
	{"lt", 2, 2, call_lt},
	{"le", 2, 2, call_le},
	{"gt", 2, 2, call_gt},
	{"ge", 2, 2, call_ge},
	{"index", 1, -1, call_index},
	{"slice", 1, 3, call_slice},
	{"len", 1, 1, call_len},
	{"print", 0, -1, call_print},
	{"printf", 1, -1, call_printf},
	{"println", 0, -1, call_println},
	{"html", 1, 1, call_html},
	{"js", 1, 1, call_js},
	{"urlquery", 1, 1, call_urlquery},
	{"json", 1, 1, call_json},
	{"split", 2, 2, call_split},
	{"join", 2, 2, call_join},
	{"title", 1, 1, call_title},
	{"lower", 1, 1, call_lower},
	{"upper", 1, 1, call_upper},
	{"pad", 3, 3, call_pad},
	{"truncate", 2, 2, call_truncate},
};

static const struct function *find_function(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (strncmp(functions[i].name, name, len) == 0 && !functions[i].name[len])
			return &functions[i];
	return NULL;
}

bool template_function_known(const char *name, size_t len)
{
	return find_function(name, len);
}

int template_call(struct arena *a, const char *name, const struct json *const *args, size_t nargs,
	const struct json **result, struct err *err)
{
	const struct function *f = find_function(name, strlen(name));
	struct args in = {.a = a, .items = args, .count = nargs, .err = err};

	if (!f || !f->call)
		return err_set(err, E_SYNTAX, "wrong number of args for %s", name);
	if ((int)nargs < f->min || (f->max >= 0 && (int)nargs > f->max))
		return err_set(err, E_SYNTAX, "wrong number of args for %s: want %s%d got %zu",
			name, f->max == f->min ? "" : "at least ", f->min, nargs);
	return f->call(&in, result);
}
