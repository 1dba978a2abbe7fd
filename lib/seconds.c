/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/seconds.h"

#include <errno.h>
#include <stdlib.h>

int seconds_parse(const char *value, void *field, struct err *err)
{
	struct optional_seconds *s = field;
	char *end;

	errno = 0;
	s->seconds = strtoll(value, &end, 10);
	if (!*value || *end || errno)
		return err_set(err, E_USAGE, "expected a number of seconds");
	s->given = true;
	return 0;
}

const int64_t *seconds_of(const struct optional_seconds *s)
{
	return s->given ? &s->seconds : NULL;
}
