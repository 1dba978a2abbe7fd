/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON values, read strictly with yajl: duplicate keys, invalid UTF-8, NUL in strings, trailing
 * bytes, and anything over the limits are errors. Values live in an arena.
 */
#ifndef KIST_LIB_JSON_H
#define KIST_LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"

#define JSON_DEPTH_MAX    64
#define JSON_DOCUMENT_MAX (4u << 20) /* manifest, index, image config, config.json */
#define JSON_LINE_MAX     (1u << 20) /* one line of a JSON-lines stream */
/* in one document: some bytes of text become 72 of memory; more in one that may be larger */
#define JSON_VALUES_MAX (1u << 18)

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER, /* kept as its text: no precision is lost in a rewrite */
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json {
	enum json_type type;
	bool boolean;
	size_t count;     /* children of an array or object */
	const char *key;  /* in an object: the member's name */
	const char *text; /* string (unescaped) or number */
	struct json *first, *last, *next;
};

#define json_each(child, parent)                                                                   \
	for (struct json *child = (parent) ? (parent)->first : NULL; child; child = child->next)

/* The first member of an object; NULL for NULL and for other types, whose children have no key. */
static inline struct json *json_first_member(const struct json *object)
{
	return object && object->type == JSON_OBJECT ? object->first : NULL;
}

/* The members of an object, each with a key; nothing of an array. */
#define json_each_member(member, object)                                                           \
	for (struct json *member = json_first_member(object); member; member = member->next)

/*
 * Parse one document of at most max bytes. Returns NULL and E_SYNTAX or E_LIMIT in *err, whose
 * message gives the position. The value lives as long as the arena.
 */
struct json *json_parse(struct arena *a, const char *text, size_t len, size_t max, struct err *err);

/* Read and parse a file of ours, see io_read_file(). */
struct json *json_read_file(struct arena *a, int dirfd, const char *path, struct err *err);

/* The member of an object, or NULL (also for NULL and for other types). */
struct json *json_get(const struct json *object, const char *key);

/* Convenience: the member's string, or NULL when it is missing or no string. */
const char *json_get_string(const struct json *object, const char *key);
bool json_get_bool(const struct json *object, const char *key); /* missing: false */

/* Is the string among the elements? NULL has none. */
bool json_has_string(const struct json *list, const char *text);

/* Whole numbers within the type; also 1e3 and 2.0 are refused. 0, or -EINVAL / -ERANGE. */
int json_int64(const struct json *number, int64_t *value);
int json_uint64(const struct json *number, uint64_t *value);

/* Building. Keys and strings are copied into the arena. */
struct json *json_new_object(struct arena *a);
struct json *json_new_array(struct arena *a);
struct json *json_new_string(struct arena *a, const char *s);
struct json *json_new_int(struct arena *a, int64_t n);
struct json *json_new_uint(struct arena *a, uint64_t n);
struct json *json_new_bool(struct arena *a, bool b);
struct json *json_new_null(struct arena *a);

/* Add value under key (no check for duplicates), or at the end of an array. Returns value. */
struct json *json_set(struct arena *a, struct json *object, const char *key, struct json *value);
struct json *json_append(struct json *array, struct json *value);

/* Shorthand for json_set(..., json_new_...()). A NULL string adds nothing. */
void json_set_string(struct arena *a, struct json *object, const char *key, const char *s);
void json_set_int(struct arena *a, struct json *object, const char *key, int64_t n);
void json_set_bool(struct arena *a, struct json *object, const char *key, bool b);

/* Take the member out of an object. Says whether it was there; no for NULL and for other types. */
bool json_remove(struct json *object, const char *key);

/* A deep copy in another arena. */
struct json *json_copy(struct arena *a, const struct json *value);

enum json_style { JSON_COMPACT, JSON_PRETTY /* four spaces, as docker inspect */ };

/* Append the text of value; no line feed at the end. */
void json_write(const struct json *value, enum json_style style, struct buf *out);

/* One compact line with LF to fd, in one write. Returns 0. */
int json_write_line(int fd, const struct json *value, struct err *err);

/* Append s as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void json_write_string(const char *s, size_t len, struct buf *out);

#endif
