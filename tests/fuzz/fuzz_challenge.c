/* SPDX-License-Identifier: Apache-2.0 */
/* WWW-Authenticate from a hostile registry, and its JSON errors. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/challenge.h"
#include "puller/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *text = xstrndup((const char *)data, size);
	own_arena struct arena a = {0};
	own_strv struct strv values = {0};
	struct challenge c;
	struct err err;

	/* each line is one header */
	for (char *line = text, *end; line && *line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		strv_add(&values, line);
	}
	if (challenge_parse(&values, &c, &a, &err) == 0 && c.scheme == CHALLENGE_BEARER &&
		(!c.realm || !*c.realm))
		abort();
	registry_error(400, (const char *)data, size, &err);
	/* a terminal must not obey what is in a message */
	for (const char *p = err.msg; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			abort();
	return 0;
}
