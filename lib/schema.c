/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/schema.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The generic shape of struct strings, string_map, LIST_OF() and uint32_list. */
struct any_list {
	void *items;
	size_t count;
};

static int expected(struct err *err, const char *what)
{
	return err_set(err, E_SYNTAX, "expected %s", what);
}

static int decode_text(const struct json *v, const char **out, struct err *err)
{
	if (v->type != JSON_STRING)
		return expected(err, "a string");
	*out = v->text;
	return 0;
}

static int decode_bool(const struct json *v, bool *out, struct err *err)
{
	if (v->type != JSON_BOOL)
		return expected(err, "true or false");
	*out = v->boolean;
	return 0;
}

static int number_result(int r, struct err *err)
{
	if (r == -ERANGE)
		return err_set(err, E_SYNTAX, "number out of range");
	return r < 0 ? expected(err, "a whole number") : 0;
}

static int decode_uint32(const struct json *v, uint32_t *out, struct err *err)
{
	uint64_t n = 0;
	int r = json_uint64(v, &n);

	if (r == 0 && n > UINT32_MAX)
		r = -ERANGE;
	*out = (uint32_t)n;
	return number_result(r, err);
}

static int decode_number(const struct json *v, enum schema_kind kind, void *out, struct err *err)
{
	switch (kind) {
	case SCHEMA_INT64:
	case SCHEMA_OPT_INT64:
		return number_result(json_int64(v, out), err);
	case SCHEMA_UINT64:
	case SCHEMA_OPT_UINT64:
		return number_result(json_uint64(v, out), err);
	default:
		return decode_uint32(v, out, err);
	}
}

/*
 * Room for count items and the NULL that makes them an argv. Room is always a power of two and two
 * more, so that strings_add() knows from the count alone when it has to grow.
 */
static const char **new_strings(struct arena *a, size_t count)
{
	size_t room = 1;

	while (room < count)
		room *= 2;
	return arena_array(a, room + 2, sizeof(const char *));
}

static int decode_strings(
	const struct json *v, struct strings *out, struct arena *a, struct err *err)
{
	if (v->type != JSON_ARRAY)
		return expected(err, "an array of strings");
	out->items = new_strings(a, v->count);
	json_each (child, v)
		if (decode_text(child, &out->items[out->count++], err) < 0)
			return schema_error_at(err, "[%zu]", out->count - 1);
	return 0;
}

static int decode_uint32s(
	const struct json *v, struct uint32_list *out, struct arena *a, struct err *err)
{
	if (v->type != JSON_ARRAY)
		return expected(err, "an array of numbers");
	out->items = arena_array(a, v->count, sizeof(*out->items));
	json_each (child, v)
		if (decode_uint32(child, &out->items[out->count++], err) < 0)
			return schema_error_at(err, "[%zu]", out->count - 1);
	return 0;
}

static int decode_map(
	const struct json *v, struct string_map *out, struct arena *a, struct err *err)
{
	if (v->type != JSON_OBJECT)
		return expected(err, "an object");
	out->items = arena_array(a, v->count, sizeof(*out->items));
	json_each (child, v) {
		struct string_pair *pair = &out->items[out->count++];

		pair->key = child->key;
		if (decode_text(child, &pair->value, err) < 0)
			return err_wrap(err, "%.100s", child->key);
	}
	return 0;
}

static int decode_set(const struct json *v, struct strings *out, struct arena *a, struct err *err)
{
	if (v->type != JSON_OBJECT)
		return expected(err, "an object");
	out->items = new_strings(a, v->count);
	json_each (child, v)
		out->items[out->count++] = child->key;
	return 0;
}

static int decode_list(const struct json *v, const struct schema *sub, struct any_list *out,
	struct arena *a, struct err *err)
{
	char *item;

	if (v->type != JSON_ARRAY)
		return expected(err, "an array");
	item = out->items = arena_array(a, v->count, sub->size);
	json_each (child, v) {
		if (schema_decode(sub, child, item, a, err) < 0)
			return schema_error_at(err, "[%zu]", out->count);
		item += sub->size;
		out->count++;
	}
	return 0;
}

int schema_error_at(struct err *err, const char *fmt, ...)
{
	struct err inner;
	char name[200];
	const char *m, *colon;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	inner = *err;
	m = inner.msg;
	colon = strstr(m, ": ");
	if (*m == '[')
		return err_set(err, inner.code, "%s%s", name, m);
	if (colon && !memchr(m, ' ', (size_t)(colon - m)))
		return err_set(err, inner.code, "%s.%s", name, m);
	return err_set(err, inner.code, "%s: %s", name, m);
}

static int decode_struct_map(const struct json *v, const struct schema *sub, struct any_list *out,
	struct arena *a, struct err *err)
{
	char *item;

	if (v->type != JSON_OBJECT)
		return expected(err, "an object");
	item = out->items = arena_array(a, v->count, sub->size);
	json_each (child, v) {
		if (schema_decode(sub, child, item, a, err) < 0)
			return schema_error_at(err, "%s", child->key);
		memcpy(item, &child->key, sizeof(child->key));
		item += sub->size;
		out->count++;
	}
	return 0;
}

/* A new object for an optional field, whose pointer is stored in the struct. */
static void *optional(void *field, size_t size, struct arena *a)
{
	void *value = arena_alloc(a, size);

	memcpy(field, &value, sizeof(value));
	return value;
}

static int decode_field(const struct schema_field *f, const struct json *v, void *field,
	struct arena *a, struct err *err)
{
	switch (f->kind) {
	case SCHEMA_STRING:
		return decode_text(v, field, err);
	case SCHEMA_BOOL:
		return decode_bool(v, field, err);
	case SCHEMA_OPT_BOOL:
		return decode_bool(v, optional(field, sizeof(bool), a), err);
	case SCHEMA_INT64:
	case SCHEMA_UINT32:
	case SCHEMA_UINT64:
		return decode_number(v, f->kind, field, err);
	case SCHEMA_OPT_INT64:
	case SCHEMA_OPT_UINT32:
	case SCHEMA_OPT_UINT64:
		return decode_number(v, f->kind, optional(field, sizeof(uint64_t), a), err);
	case SCHEMA_STRINGS:
		return decode_strings(v, field, a, err);
	case SCHEMA_UINT32S:
		return decode_uint32s(v, field, a, err);
	case SCHEMA_STRING_MAP:
		return decode_map(v, field, a, err);
	case SCHEMA_SET:
		return decode_set(v, field, a, err);
	case SCHEMA_STRUCT:
		return schema_decode(f->sub, v, field, a, err);
	case SCHEMA_OPT_STRUCT:
		return schema_decode(f->sub, v, optional(field, f->sub->size, a), a, err);
	case SCHEMA_LIST:
		return decode_list(v, f->sub, field, a, err);
	case SCHEMA_STRUCT_MAP:
		return decode_struct_map(v, f->sub, field, a, err);
	case SCHEMA_JSON:
	case SCHEMA_SOURCE:
		memcpy(field, &v, sizeof(v));
		return 0;
	}
	return err_set(err, EINVAL, "unknown kind of field");
}

int schema_decode(const struct schema *schema, const struct json *object, void *out,
	struct arena *a, struct err *err)
{
	memset(out, 0, schema->size);
	if (object->type != JSON_OBJECT)
		return expected(err, "an object");
	for (size_t i = 0; i < schema->nfields; i++) {
		const struct schema_field *f = &schema->fields[i];
		const struct json *v = f->kind == SCHEMA_SOURCE ? object
								: json_get(object, f->name);

		if (!v || v->type == JSON_NULL) {
			if (f->flags & SCHEMA_REQUIRED)
				return err_set(err, E_SYNTAX, "%s: missing", f->name);
			continue;
		}
		if (decode_field(f, v, (char *)out + f->offset, a, err) < 0)
			return schema_error_at(err, "%s", f->name);
	}
	return 0;
}

int schema_decode_text(const struct schema *schema, const char *text, size_t len, size_t max,
	void *out, struct arena *a, struct err *err)
{
	struct json *v = json_parse(a, text, len, max, err);

	return v ? schema_decode(schema, v, out, a, err) : -err->code;
}

static struct json *encode_strings(const struct strings *list, struct arena *a)
{
	struct json *v = json_new_array(a);

	for (size_t i = 0; i < list->count; i++)
		json_append(v, json_new_string(a, list->items[i]));
	return v;
}

static struct json *encode_members(const struct schema_field *f, const void *field, struct arena *a)
{
	const struct string_map *map = field;
	const struct strings *set = field;
	struct json *v = json_new_object(a);

	if (f->kind == SCHEMA_SET) {
		for (size_t i = 0; i < set->count; i++)
			json_set(a, v, set->items[i], json_new_object(a));
	} else {
		for (size_t i = 0; i < map->count; i++)
			json_set_string(a, v, map->items[i].key, map->items[i].value);
	}
	return v;
}

static struct json *encode_list(
	const struct schema_field *f, const struct any_list *list, struct arena *a)
{
	const uint32_t *numbers = list->items;
	const char *item = list->items;
	struct json *v = json_new_array(a);

	for (size_t i = 0; i < list->count; i++) {
		if (f->kind == SCHEMA_UINT32S)
			json_append(v, json_new_uint(a, numbers[i]));
		else
			json_append(v, schema_encode(f->sub, item + i * f->sub->size, a));
	}
	return v;
}

static struct json *encode_struct_map(
	const struct schema_field *f, const struct any_list *list, struct arena *a)
{
	struct json *v = json_new_object(a);
	const char *item = list->items;
	const char *key;

	for (size_t i = 0; i < list->count; i++, item += f->sub->size) {
		memcpy(&key, item, sizeof(key));
		json_set(a, v, key, schema_encode(f->sub, item, a));
	}
	return v;
}

static struct json *encode_number(enum schema_kind kind, const void *n, struct arena *a)
{
	switch (kind) {
	case SCHEMA_INT64:
	case SCHEMA_OPT_INT64:
		return json_new_int(a, *(const int64_t *)n);
	case SCHEMA_UINT64:
	case SCHEMA_OPT_UINT64:
		return json_new_uint(a, *(const uint64_t *)n);
	default:
		return json_new_uint(a, *(const uint32_t *)n);
	}
}

static bool is_zero(const void *field, size_t size)
{
	const char *p = field;

	for (size_t i = 0; i < size; i++)
		if (p[i])
			return false;
	return true;
}

/* What stands in the struct itself. NULL: empty, and not to be written. */
static struct json *encode_embedded(
	const struct schema_field *f, const void *field, struct arena *a)
{
	bool always = f->flags & SCHEMA_ALWAYS;
	/* 0 and false that must be there are written, or what is written could not be read */
	bool number = always || f->flags & SCHEMA_REQUIRED;
	const char *text;

	switch (f->kind) {
	case SCHEMA_STRING:
		memcpy(&text, field, sizeof(text));
		return text ? json_new_string(a, text) : always ? json_new_string(a, "") : NULL;
	case SCHEMA_BOOL:
		return *(const bool *)field || number ? json_new_bool(a, *(const bool *)field)
						      : NULL;
	case SCHEMA_UINT32:
		return is_zero(field, sizeof(uint32_t)) && !number
			? NULL
			: encode_number(f->kind, field, a);
	case SCHEMA_INT64:
	case SCHEMA_UINT64:
		return is_zero(field, sizeof(uint64_t)) && !number
			? NULL
			: encode_number(f->kind, field, a);
	default: /* SCHEMA_STRUCT */
		return is_zero(field, f->sub->size) && !always ? NULL
							       : schema_encode(f->sub, field, a);
	}
}

static struct json *encode_container(
	const struct schema_field *f, const struct any_list *list, struct arena *a)
{
	/* an array or object that was there but empty has items: it is written again */
	if (!list->count && !list->items && !(f->flags & SCHEMA_ALWAYS))
		return NULL;
	switch (f->kind) {
	case SCHEMA_STRINGS:
		return encode_strings((const struct strings *)list, a);
	case SCHEMA_STRING_MAP:
	case SCHEMA_SET:
		return encode_members(f, list, a);
	case SCHEMA_STRUCT_MAP:
		return encode_struct_map(f, list, a);
	default:
		return encode_list(f, list, a);
	}
}

/* What the struct only points to; NULL: missing. */
static struct json *encode_pointed(const struct schema_field *f, const void *field, struct arena *a)
{
	const void *value;

	memcpy(&value, field, sizeof(value));
	if (!value)
		return NULL;
	switch (f->kind) {
	case SCHEMA_OPT_BOOL:
		return json_new_bool(a, *(const bool *)value);
	case SCHEMA_OPT_STRUCT:
		return schema_encode(f->sub, value, a);
	case SCHEMA_JSON:
		return json_copy(a, value);
	default:
		return encode_number(f->kind, value, a);
	}
}

static struct json *encode_field(const struct schema_field *f, const void *field, struct arena *a)
{
	switch (f->kind) {
	case SCHEMA_STRING:
	case SCHEMA_BOOL:
	case SCHEMA_INT64:
	case SCHEMA_UINT32:
	case SCHEMA_UINT64:
	case SCHEMA_STRUCT:
		return encode_embedded(f, field, a);
	case SCHEMA_STRINGS:
	case SCHEMA_UINT32S:
	case SCHEMA_STRING_MAP:
	case SCHEMA_SET:
	case SCHEMA_LIST:
	case SCHEMA_STRUCT_MAP:
		return encode_container(f, field, a);
	default:
		return encode_pointed(f, field, a);
	}
}

static bool known(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->nfields; i++)
		if (schema->fields[i].name && strcmp(schema->fields[i].name, name) == 0)
			return true;
	return false;
}

static void add_unknown(
	const struct schema *schema, const void *field, struct json *out, struct arena *a)
{
	const struct json *source;

	memcpy(&source, field, sizeof(source));
	json_each (child, source)
		if (!known(schema, child->key))
			json_set(a, out, child->key, json_copy(a, child));
}

struct json *schema_encode(const struct schema *schema, const void *in, struct arena *a)
{
	struct json *out = json_new_object(a);

	for (size_t i = 0; i < schema->nfields; i++) {
		const struct schema_field *f = &schema->fields[i];
		const void *field = (const char *)in + f->offset;
		struct json *v;

		if (f->kind == SCHEMA_SOURCE) {
			add_unknown(schema, field, out, a);
			continue;
		}
		v = encode_field(f, field, a);
		if (!v && (f->flags & SCHEMA_NULL))
			v = json_new_null(a);
		if (v)
			json_set(a, out, f->name, v);
	}
	return out;
}

void strings_add(struct arena *a, struct strings *list, const char *s)
{
	if ((list->count & (list->count - 1)) == 0) {
		const char **items = new_strings(a, list->count * 2);

		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
	}
	list->items[list->count++] = arena_strdup(a, s);
	list->items[list->count] = NULL;
}

void strings_add_words(struct arena *a, struct strings *list, const char *const *words)
{
	for (; *words; words++)
		strings_add(a, list, *words);
}

bool strings_has(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

void string_map_set(struct arena *a, struct string_map *map, const char *key, const char *value)
{
	struct string_pair *items;

	for (size_t i = 0; i < map->count; i++) {
		if (strcmp(map->items[i].key, key) == 0) {
			map->items[i].value = arena_strdup(a, value);
			return;
		}
	}
	items = arena_array(a, map->count + 1, sizeof(*items));
	if (map->count)
		memcpy(items, map->items, map->count * sizeof(*items));
	items[map->count].key = arena_strdup(a, key);
	items[map->count++].value = arena_strdup(a, value);
	map->items = items;
}

const char *string_map_get(const struct string_map *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->items[i].key, key) == 0)
			return map->items[i].value;
	return NULL;
}
