/* SPDX-License-Identifier: Apache-2.0 */
/* --filter KEY=VALUE: values of one key are alternatives, different keys must all hold. */
#ifndef KIST_ENGINE_FILTER_H
#define KIST_ENGINE_FILTER_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/schema.h"

struct filters {
	const struct strv *texts;
};

/* Check the texts of -f against the keys that a verb has (NULL-terminated). "invalid filter 'X'".
 */
int filters_parse(
	const struct strv *texts, const char *const *keys, struct filters *f, struct err *err);

bool filters_have(const struct filters *f, const char *key);

/* The first value of key, or NULL. */
const char *filters_value(const struct filters *f, const char *key);

/* True when the key was not given, or when match() is for one of its values. */
bool filters_match(const struct filters *f, const char *key,
	bool (*match)(const void *object, const char *value), const void *object);

/*
 * For match(): a name by an unanchored extended regular expression, with or without '/' in front.
 * One that is wrong, or would cost too much to try, fits the name that is equal to it.
 */
bool filter_name(const void *name, const char *pattern);

/* For match(): labels (struct string_map) by "KEY" or "KEY=VALUE". */
bool filter_label(const void *labels, const char *value);

/* For match(): equal strings; the front of a string. */
bool filter_equal(const void *text, const char *value);
bool filter_prefix(const void *text, const char *value);

#endif
