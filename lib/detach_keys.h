/* SPDX-License-Identifier: Apache-2.0 */
/* The keys by which a person leaves a container's terminal without ending what runs there. */
#ifndef KIST_LIB_DETACH_KEYS_H
#define KIST_LIB_DETACH_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

#define DETACH_KEYS_MAX     8
#define DETACH_KEYS_DEFAULT "ctrl-p,ctrl-q"

struct detach_keys {
	unsigned char keys[DETACH_KEYS_MAX];
	size_t count; /* 0: none, nobody leaves */
	size_t typed; /* so far, and not sent on yet */
	bool given;   /* detach_keys_parse() was called */
};

/*
 * "ctrl-p,ctrl-q", "a,b" as docker's --detach-keys; "" turns them off. An option's parse function:
 * field is a struct detach_keys. Returns 0, or E_USAGE.
 */
int detach_keys_parse(const char *value, void *field, struct err *err);

/*
 * Look through what was typed: what is not for us is appended to *out. Returns true once the whole
 * sequence was typed.
 */
bool detach_keys_typed(
	struct detach_keys *keys, const unsigned char *data, size_t len, struct buf *out);

#endif
