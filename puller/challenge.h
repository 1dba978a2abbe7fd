/* SPDX-License-Identifier: Apache-2.0 */
/* WWW-Authenticate, as registries send it (RFC 9110, 11.6.1; distribution's token protocol). */
#ifndef KIST_PULLER_CHALLENGE_H
#define KIST_PULLER_CHALLENGE_H

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/mem.h"

enum challenge_scheme { CHALLENGE_NONE, CHALLENGE_BASIC, CHALLENGE_BEARER };

/* Strings live in the arena; NULL where the server did not say. */
struct challenge {
	enum challenge_scheme scheme;
	const char *realm, *service, *scope, *error;
};

/*
 * The strongest challenge of one or several header values (Bearer before Basic; schemes we do not
 * know are passed over). Returns 0 and a scheme of CHALLENGE_NONE when there is none of the two;
 * E_SYNTAX for a value that does not follow the grammar, or a Bearer without realm.
 */
int challenge_parse(
	const struct strv *values, struct challenge *c, struct arena *a, struct err *err);

#endif
