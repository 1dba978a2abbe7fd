/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who "user[:group]" is, by the texts of a root file system's passwd and group files. Pure: the
 * caller reads the files (both come from the image and are hostile).
 */
#ifndef KIST_SPEC_USER_H
#define KIST_SPEC_USER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define USER_FILE_MAX (4u << 20) /* of passwd and of group; readers refuse larger ones */

struct user_files {
	const char *passwd, *group; /* NULL: the file is missing */
	size_t passwd_len, group_len;
};

struct user {
	uint32_t uid, gid;
	struct uint32_list additional_gids; /* the primary group first (CVE-2022-36109) */
	const char *home;                   /* never NULL */
};

/*
 * what: "name", "1000", "name:group", "1000:50"; NULL or "" is root. A number is an
 * id, also where somebody is called so, and need not be in the files; without an entry its group is
 * 0 and its home "/". With ":group" there are no additional groups. Malformed lines are passed
 * over. Strings live in the arena. Returns 0; E_NOT_FOUND "unable to find user X: no matching
 * entries in passwd file"; E_SYNTAX for a number above 2^31-1.
 */
int user_lookup(const struct user_files *files, const char *what, struct user *user,
	struct arena *a, struct err *err);

/* Add groups, by name or number, to the user's additional ones; a number is the id. Returns 0,
 * E_NOT_FOUND or E_SYNTAX. */
int user_add_groups(const struct user_files *files, const struct strings *groups, struct user *user,
	struct arena *a, struct err *err);

#endif
