/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables that say how a JSON object and a C struct correspond: one row per field drives decoding,
 * encoding and the checks of type and range. Everything decoded lives in the arena.
 */
#ifndef KIST_LIB_SCHEMA_H
#define KIST_LIB_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"

/* Containers that a struct may hold; NULL/0 when the field is missing. */
struct strings {
	const char **items;
	size_t count;
};

struct string_pair {
	const char *key, *value;
};

struct string_map {
	struct string_pair *items;
	size_t count;
};

/* "struct mount_list { struct mount *items; size_t count; }" as an anonymous member type */
#define LIST_OF(type)                                                                              \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count;                                                                      \
	}

struct uint32_list {
	uint32_t *items;
	size_t count;
};

enum schema_kind {
	SCHEMA_STRING,     /* const char * */
	SCHEMA_BOOL,       /* bool */
	SCHEMA_OPT_BOOL,   /* bool *, NULL when missing */
	SCHEMA_INT64,      /* int64_t */
	SCHEMA_UINT32,     /* uint32_t */
	SCHEMA_UINT64,     /* uint64_t */
	SCHEMA_OPT_INT64,  /* int64_t * */
	SCHEMA_OPT_UINT32, /* uint32_t * */
	SCHEMA_OPT_UINT64, /* uint64_t * */
	SCHEMA_STRINGS,    /* struct strings, from an array of strings */
	SCHEMA_UINT32S,    /* struct uint32_list */
	SCHEMA_STRING_MAP, /* struct string_map */
	SCHEMA_SET,        /* struct strings, the keys of an object whose values do not matter */
	SCHEMA_STRUCT,     /* sub-struct embedded */
	SCHEMA_OPT_STRUCT, /* pointer to sub-struct, NULL when missing */
	SCHEMA_LIST,       /* LIST_OF(sub-struct) */
	SCHEMA_STRUCT_MAP, /* LIST_OF(sub-struct) from an object; its first member is the key */
	SCHEMA_JSON,       /* const struct json *, as it stands */
	SCHEMA_SOURCE,     /* const struct json *: the object this was decoded from; name is NULL */
};

enum schema_flags {
	SCHEMA_REQUIRED = 1, /* missing or null is E_SYNTAX */
	SCHEMA_ALWAYS = 2,   /* encoded also when it is empty, zero or false */
	SCHEMA_NULL = 4,     /* encoded as null when it is missing */
};

struct schema;

struct schema_field {
	const char *name;
	enum schema_kind kind;
	size_t offset;
	const struct schema *sub;
	unsigned flags;
};

struct schema {
	size_t size; /* of the struct */
	const struct schema_field *fields;
	size_t nfields;
};

#define SCHEMA(type, table)                                                                        \
	{                                                                                          \
		.size = sizeof(type), .fields = (table),                                           \
		.nfields = sizeof(table) / sizeof(*(table))                                        \
	}
#define FIELD(type, member, json_name, kind_, ...)                                                 \
	{                                                                                          \
		.name = (json_name), .kind = (kind_), .offset = offsetof(type, member),            \
		__VA_ARGS__                                                                        \
	}

/*
 * Decode an object into *out, which is zeroed first. null counts as missing. Errors name the place
 * ("linux.resources.memory.limit: expected a whole number"). Unknown members are left alone; a
 * struct with a SCHEMA_SOURCE row keeps them for encoding. Returns 0.
 */
int schema_decode(const struct schema *schema, const struct json *object, void *out,
	struct arena *a, struct err *err);

/* Parse text and decode it. The caller's "what" names the document in errors. Returns 0. */
int schema_decode_text(const struct schema *schema, const char *text, size_t len, size_t max,
	void *out, struct arena *a, struct err *err);

/*
 * Put a member's name in front of an error of decoding or of a check: "size" in front of "expected
 * a string" reads "size: expected a string", then "layers[2]" makes "layers[2].size: expected a
 * string". Returns -err->code.
 */
int schema_error_at(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The object for *in: rows in table order; empty, zero and false ones are left out unless
 * SCHEMA_ALWAYS (or SCHEMA_REQUIRED, of numbers and bools); then the source's members that the
 * table does not know.
 */
struct json *schema_encode(const struct schema *schema, const void *in, struct arena *a);

/* Helpers for filling structs by hand. */
void strings_add(struct arena *a, struct strings *list, const char *s);
void strings_add_words(
	struct arena *a, struct strings *list, const char *const *words); /* to NULL */
bool strings_has(const struct strings *list, const char *s);
void string_map_set(struct arena *a, struct string_map *map, const char *key, const char *value);
const char *string_map_get(const struct string_map *map, const char *key); /* NULL: not there */

#endif
