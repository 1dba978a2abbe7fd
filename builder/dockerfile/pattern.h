/* SPDX-License-Identifier: Apache-2.0 */
/* Shell patterns of ${name#p}, ${name%p} and ${name/p/r}: '*', '?' and '\' before one of these. */
#ifndef KIST_BUILDER_PATTERN_H
#define KIST_BUILDER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Work for one pattern: tests of a character against an element. */
#define PATTERN_STEPS_MAX 50000000u

struct pattern_element {
	enum {
		PATTERN_CHAR,
		PATTERN_ANY,
		PATTERN_STAR
	} kind; /* ANY and STAR stop at a line feed */
	char bytes[4];
	unsigned char len;
};

struct pattern {
	struct pattern_element *elements;
	size_t count;
};

void pattern_release(struct pattern *p);

#define own_pattern __attribute__((cleanup(pattern_release)))

/* E_SYNTAX for a '\' before anything but '*', '?', '\', '}' and '/'. The caller releases *p. */
int pattern_parse(const char *text, struct pattern *p, struct err *err);

/* Append value without its shortest or longest prefix (or suffix) that p matches. Returns 0. */
int pattern_trim_prefix(
	const struct pattern *p, const char *value, bool longest, struct buf *out, struct err *err);
int pattern_trim_suffix(
	const struct pattern *p, const char *value, bool longest, struct buf *out, struct err *err);

/* Append value with the first match (leftmost, longest), or all, replaced. Returns 0. */
int pattern_replace(const struct pattern *p, const char *value, const char *replacement, bool all,
	struct buf *out, struct err *err);

#endif
