/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/utf8.h"

/* Objects up to this size are searched for duplicate keys pair by pair, larger ones are sorted. */
#define PAIRWISE_MAX 16

struct parser {
	struct arena *arena;
	struct json *root;
	struct json *stack[JSON_DEPTH_MAX];
	int depth;
	const char *key;
	struct err *err;
	size_t values, values_max;
	bool failed;
};

static int refuse(struct parser *p, int code, const char *why)
{
	err_set(p->err, code, "%s", why);
	p->failed = true;
	return 0;
}

struct json *json_append(struct json *array, struct json *value)
{
	value->next = NULL;
	if (array->last)
		array->last->next = value;
	else
		array->first = value;
	array->last = value;
	array->count++;
	return value;
}

static struct json *node(struct arena *a, enum json_type type)
{
	struct json *v = arena_alloc(a, sizeof(*v));

	v->type = type;
	return v;
}

/* Bytes of ASCII at the front, eight at a time. */
static size_t ascii_prefix(const unsigned char *s, size_t len)
{
	size_t n = 0;
	uint64_t eight;

	for (; n + sizeof(eight) <= len; n += sizeof(eight)) {
		memcpy(&eight, s + n, sizeof(eight));
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	while (n < len && s[n] < 0x80)
		n++;
	return n;
}

/* yajl lets longer forms than the shortest and surrogates through. */
static bool utf8_valid(const unsigned char *s, size_t len)
{
	for (;;) {
		size_t n = ascii_prefix(s, len);

		s += n;
		len -= n;
		if (!len)
			return true;
		n = utf8_sequence(s, len);
		if (!n)
			return false;
		s += n;
		len -= n;
	}
}

static int add(struct parser *p, struct json *v)
{
	if (++p->values > p->values_max) {
		p->failed = true;
		err_set(p->err, E_LIMIT, "more than %zu values", p->values_max);
		return 0;
	}
	if (!p->depth) {
		p->root = v;
		return 1;
	}
	if (p->stack[p->depth - 1]->type == JSON_OBJECT) {
		v->key = p->key;
		p->key = NULL;
	}
	json_append(p->stack[p->depth - 1], v);
	return 1;
}

static int on_null(void *ctx)
{
	struct parser *p = ctx;

	return add(p, node(p->arena, JSON_NULL));
}

static int on_boolean(void *ctx, int value)
{
	struct parser *p = ctx;
	struct json *v = node(p->arena, JSON_BOOL);

	v->boolean = value;
	return add(p, v);
}

static int on_number(void *ctx, const char *text, size_t len)
{
	struct parser *p = ctx;
	struct json *v = node(p->arena, JSON_NUMBER);

	v->text = arena_strndup(p->arena, text, len);
	return add(p, v);
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
	struct parser *p = ctx;
	struct json *v;

	if (memchr(text, '\0', len))
		return refuse(p, E_SYNTAX, "a string contains NUL");
	if (!utf8_valid(text, len))
		return refuse(p, E_SYNTAX, "a string is not UTF-8");
	v = node(p->arena, JSON_STRING);
	v->text = arena_strndup(p->arena, (const char *)text, len);
	return add(p, v);
}

static int on_key(void *ctx, const unsigned char *text, size_t len)
{
	struct parser *p = ctx;

	if (memchr(text, '\0', len))
		return refuse(p, E_SYNTAX, "a key contains NUL");
	if (!utf8_valid(text, len))
		return refuse(p, E_SYNTAX, "a key is not UTF-8");
	p->key = arena_strndup(p->arena, (const char *)text, len);
	return 1;
}

static int open_container(struct parser *p, enum json_type type)
{
	struct json *v = node(p->arena, type);

	if (p->depth == JSON_DEPTH_MAX)
		return refuse(p, E_LIMIT, "nested deeper than 64 levels");
	if (!add(p, v))
		return 0;
	p->stack[p->depth++] = v;
	return 1;
}

static int on_start_map(void *ctx)
{
	return open_container(ctx, JSON_OBJECT);
}

static int on_start_array(void *ctx)
{
	return open_container(ctx, JSON_ARRAY);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *duplicate_pairwise(const struct json *object)
{
	json_each (a, object)
		for (const struct json *b = a->next; b; b = b->next)
			if (strcmp(a->key, b->key) == 0)
				return a->key;
	return NULL;
}

static const char *duplicate_sorted(const struct json *object)
{
	own_mem const char **keys = xreallocarray(NULL, object->count, sizeof(*keys));
	size_t n = 0;

	json_each (child, object)
		keys[n++] = child->key;
	qsort(keys, n, sizeof(*keys), by_text);
	for (size_t i = 1; i < n; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0)
			return keys[i];
	return NULL;
}

static int on_end_map(void *ctx)
{
	struct parser *p = ctx;
	struct json *object = p->stack[--p->depth];
	const char *twice = object->count <= PAIRWISE_MAX ? duplicate_pairwise(object)
							  : duplicate_sorted(object);

	if (!twice)
		return 1;
	err_set(p->err, E_SYNTAX, "key \"%.100s\" occurs twice", twice);
	p->failed = true;
	return 0;
}

static int on_end_array(void *ctx)
{
	struct parser *p = ctx;

	p->depth--;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_map_key = on_key,
	.yajl_start_map = on_start_map,
	.yajl_end_map = on_end_map,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end_array,
};

/* yajl's own text has several lines and quotes the input: the first line and a position will do. */
static void syntax_error(struct parser *p, yajl_handle h, const char *text, size_t len)
{
	unsigned char *why = yajl_get_error(h, 0, (const unsigned char *)text, len);
	size_t at = yajl_get_bytes_consumed(h), line = 1, column = 1;
	const char *reason = why ? (const char *)why : "malformed";
	static const char *const noise[] = {"lexical error: ", "parse error: "};

	for (size_t i = 0; i < ARRAY_LEN(noise); i++)
		if (strncmp(reason, noise[i], strlen(noise[i])) == 0)
			reason += strlen(noise[i]);
	for (size_t i = 0; i < at && i < len; i++) {
		column++;
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	if (!p->failed)
		err_set(p->err, E_SYNTAX, "not valid JSON at line %zu, column %zu: %.*s", line,
			column, (int)strcspn(reason, "\n"), reason);
	if (why)
		yajl_free_error(h, why);
}

/* The unit of UTF-16 that "\uXXXX" at s stands for, or -1. */
static int escaped_unit(const char *s, const char *end)
{
	char hex[5] = {0};

	if (end - s < 6 || s[0] != '\\' || s[1] != 'u')
		return -1;
	memcpy(hex, s + 2, 4);
	return strspn(hex, "0123456789abcdefABCDEF") == 4 ? (int)strtol(hex, NULL, 16) : -1;
}

/* Half a surrogate pair, for which yajl puts '?': two readers would not see the same string. */
static bool has_lone_surrogate(const char *text, size_t len)
{
	const char *end = text + len;

	/* outside of strings there is no backslash in valid JSON, so strings need not be found */
	for (const char *s = text; (s = memchr(s, '\\', (size_t)(end - s))) && end - s > 1;) {
		int unit = escaped_unit(s, end), low = -1;

		if ((unit & 0xfc00) == 0xd800)
			low = escaped_unit(s + 6, end);
		if (unit >= 0 && (unit & 0xf800) == 0xd800 && (low < 0 || (low & 0xfc00) != 0xdc00))
			return true;
		s += low >= 0 ? 12 : 2;
	}
	return false;
}

struct json *json_parse(struct arena *a, const char *text, size_t len, size_t max, struct err *err)
{
	struct parser p = {.arena = a, .err = err, .values_max = JSON_VALUES_MAX};
	yajl_status status;
	yajl_handle h;

	if (len > max) {
		err_set(p.err, E_LIMIT, "JSON document of %zu bytes: the limit is %zu", len, max);
		return NULL;
	}
	if (max > JSON_DOCUMENT_MAX)
		p.values_max = max / (JSON_DOCUMENT_MAX / JSON_VALUES_MAX);
	if (has_lone_surrogate(text, len)) {
		err_set(p.err, E_SYNTAX, "not valid JSON: half a surrogate pair");
		return NULL;
	}
	h = yajl_alloc(&callbacks, NULL, &p);
	if (!h)
		abort();
	status = yajl_parse(h, (const unsigned char *)text, len);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(h);
	if (status != yajl_status_ok)
		syntax_error(&p, h, text, len);
	yajl_free(h);
	if (status == yajl_status_ok && !p.root)
		err_set(p.err, E_SYNTAX, "not valid JSON: empty");
	return status == yajl_status_ok ? p.root : NULL;
}

struct json *json_read_file(struct arena *a, int dirfd, const char *path, struct err *err)
{
	own_buf struct buf text = {0};
	struct json *v;

	if (io_read_file(dirfd, path, JSON_DOCUMENT_MAX, &text, err) < 0)
		return NULL;
	v = json_parse(a, buf_str(&text), text.len, JSON_DOCUMENT_MAX, err);
	if (!v)
		err_wrap(err, "%s", path);
	return v;
}

struct json *json_get(const struct json *object, const char *key)
{
	if (!object || object->type != JSON_OBJECT)
		return NULL;
	json_each (child, object)
		if (strcmp(child->key, key) == 0)
			return child;
	return NULL;
}

const char *json_get_string(const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);

	return v && v->type == JSON_STRING ? v->text : NULL;
}

bool json_has_string(const struct json *list, const char *text)
{
	json_each (item, list)
		if (item->type == JSON_STRING && strcmp(item->text, text) == 0)
			return true;
	return false;
}

bool json_get_bool(const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);

	return v && v->type == JSON_BOOL && v->boolean;
}

int json_int64(const struct json *number, int64_t *value)
{
	char *end;
	long long n;

	if (!number || number->type != JSON_NUMBER)
		return -EINVAL;
	errno = 0;
	n = strtoll(number->text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*value = n;
	return 0;
}

int json_uint64(const struct json *number, uint64_t *value)
{
	unsigned long long n;
	char *end;

	if (!number || number->type != JSON_NUMBER)
		return -EINVAL;
	if (*number->text == '-')
		return -ERANGE;
	errno = 0;
	n = strtoull(number->text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno)
		return -ERANGE;
	*value = n;
	return 0;
}

struct json *json_new_object(struct arena *a)
{
	return node(a, JSON_OBJECT);
}

struct json *json_new_array(struct arena *a)
{
	return node(a, JSON_ARRAY);
}

struct json *json_new_null(struct arena *a)
{
	return node(a, JSON_NULL);
}

struct json *json_new_string(struct arena *a, const char *s)
{
	struct json *v = node(a, JSON_STRING);

	v->text = arena_strdup(a, s);
	return v;
}

struct json *json_new_int(struct arena *a, int64_t n)
{
	struct json *v = node(a, JSON_NUMBER);

	v->text = arena_printf(a, "%" PRId64, n);
	return v;
}

struct json *json_new_uint(struct arena *a, uint64_t n)
{
	struct json *v = node(a, JSON_NUMBER);

	v->text = arena_printf(a, "%" PRIu64, n);
	return v;
}

struct json *json_new_bool(struct arena *a, bool b)
{
	struct json *v = node(a, JSON_BOOL);

	v->boolean = b;
	return v;
}

struct json *json_set(struct arena *a, struct json *object, const char *key, struct json *value)
{
	value->key = arena_strdup(a, key);
	return json_append(object, value);
}

void json_set_string(struct arena *a, struct json *object, const char *key, const char *s)
{
	if (s)
		json_set(a, object, key, json_new_string(a, s));
}

void json_set_int(struct arena *a, struct json *object, const char *key, int64_t n)
{
	json_set(a, object, key, json_new_int(a, n));
}

void json_set_bool(struct arena *a, struct json *object, const char *key, bool b)
{
	json_set(a, object, key, json_new_bool(a, b));
}

bool json_remove(struct json *object, const char *key)
{
	struct json *previous = NULL;

	if (!object || object->type != JSON_OBJECT)
		return false;
	json_each (child, object) {
		if (strcmp(child->key, key) != 0) {
			previous = child;
			continue;
		}
		*(previous ? &previous->next : &object->first) = child->next;
		if (object->last == child)
			object->last = previous;
		object->count--;
		return true;
	}
	return false;
}

struct json *json_copy(struct arena *a, const struct json *value)
{
	struct json *v = node(a, value->type);

	v->boolean = value->boolean;
	if (value->text)
		v->text = arena_strdup(a, value->text);
	json_each (child, value) {
		struct json *c = json_copy(a, child);

		if (child->key)
			c->key = arena_strdup(a, child->key);
		json_append(v, c);
	}
	return v;
}

void json_write_string(const char *text, size_t len, struct buf *out)
{
	const unsigned char *s = (const unsigned char *)text;

	buf_addc(out, '"');
	while (len) {
		size_t plain = 0, n;

		while (plain < len && s[plain] >= 0x20 && s[plain] < 0x7f && s[plain] != '"' &&
			s[plain] != '\\')
			plain++;
		buf_add(out, s, plain);
		s += plain;
		len -= plain;
		if (!len)
			break;
		n = utf8_sequence(s, len);
		if (*s == '"' || *s == '\\')
			buf_addf(out, "\\%c", *s);
		else if (*s == '\n')
			buf_adds(out, "\\n");
		else if (*s == '\t')
			buf_adds(out, "\\t");
		else if (*s == '\r')
			buf_adds(out, "\\r");
		else if (*s < 0x20 || *s == 0x7f)
			buf_addf(out, "\\u%04x", *s);
		else if (n)
			buf_add(out, s, n);
		else
			buf_adds(out, "\\ufffd");
		n = n ? n : 1;
		s += n;
		len -= n;
	}
	buf_addc(out, '"');
}

static void new_line(enum json_style style, int depth, struct buf *out)
{
	if (style == JSON_COMPACT)
		return;
	buf_addc(out, '\n');
	for (int i = 0; i < depth; i++)
		buf_adds(out, "    ");
}

static void write_value(const struct json *v, enum json_style style, int depth, struct buf *out)
{
	static const char brackets[] = "[]{}";
	const char *pair = brackets + (v->type == JSON_OBJECT ? 2 : 0);

	switch (v->type) {
	case JSON_NULL:
		buf_adds(out, "null");
		return;
	case JSON_BOOL:
		buf_adds(out, v->boolean ? "true" : "false");
		return;
	case JSON_NUMBER:
		buf_adds(out, v->text);
		return;
	case JSON_STRING:
		json_write_string(v->text, strlen(v->text), out);
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	buf_addc(out, pair[0]);
	json_each (child, v) {
		new_line(style, depth + 1, out);
		if (v->type == JSON_OBJECT) {
			json_write_string(child->key, strlen(child->key), out);
			buf_adds(out, style == JSON_PRETTY ? ": " : ":");
		}
		write_value(child, style, depth + 1, out);
		if (child->next)
			buf_addc(out, ',');
	}
	if (v->first)
		new_line(style, depth, out);
	buf_addc(out, pair[1]);
}

void json_write(const struct json *value, enum json_style style, struct buf *out)
{
	write_value(value, style, 0, out);
}

int json_write_line(int fd, const struct json *value, struct err *err)
{
	own_buf struct buf line = {0};
	int r;

	write_value(value, JSON_COMPACT, 0, &line);
	buf_addc(&line, '\n');
	r = io_write_full(fd, line.data, line.len);
	errno = -r;
	return r < 0 ? err_errno(err, "cannot write a line of JSON") : 0;
}
