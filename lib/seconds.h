/* SPDX-License-Identifier: Apache-2.0 */
/* An option of so many seconds, of which 0 is not the same as not given. */
#ifndef KIST_LIB_SECONDS_H
#define KIST_LIB_SECONDS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"

struct optional_seconds {
	bool given;
	int64_t seconds;
};

/* For cli_option.parse: a whole number. Returns 0 or E_USAGE. */
int seconds_parse(const char *value, void *field, struct err *err);

/* As a request has it: NULL when it was not given. */
const int64_t *seconds_of(const struct optional_seconds *s);

#endif
