/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subuid(5), subgid(5): which ids besides their own a user may give to processes in a user
 * namespace. The files are the administrator's; newuidmap(1) looks at them, too, and has the last
 * word. Here it is only found out what to ask it for.
 */
#ifndef KIST_LIB_SUBID_H
#define KIST_LIB_SUBID_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

#define SUBID_FILE_MAX   (1u << 20)
#define SUBID_RANGES_MAX 64 /* of one user; the kernel takes 340 lines in a map */

struct subid_range {
	uint32_t first, count;
};

struct subid_ranges {
	struct subid_range items[SUBID_RANGES_MAX];
	size_t count;
};

/* Whose ranges: name NULL, there is none. own is the id, of a user or a group, that is root inside.
 */
struct subid_owner {
	const char *name;
	uint32_t uid, own;
};

/*
 * The name of a user by a passwd file's text. The caller frees it; NULL: it is not there. (The
 * system's own look-up loads libraries, which a static program cannot.)
 */
char *subid_name(const char *text, size_t len, uint32_t uid);

/*
 * The ranges that a file's text gives to the user, by name or by number. Lines that cannot be
 * understood are nobody's. What overlaps a range before it, or has the own id in it, is left out:
 * the kernel takes no id twice. No more than 2^32 - 2 ids are given.
 */
void subid_parse(
	const char *text, size_t len, const struct subid_owner *owner, struct subid_ranges *ranges);

/* The same of a file. One that is missing gives nothing. Returns 0. */
int subid_read(const char *path, const struct subid_owner *owner, struct subid_ranges *ranges,
	struct err *err);

/*
 * Add the words of a map to newuidmap's: root inside is the own id outside, and what follows are
 * the ranges, one behind the other.
 */
void subid_add_words(const struct subid_ranges *ranges, uint32_t own, struct strv *words);

#endif
