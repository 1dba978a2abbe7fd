/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int signal_parse(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end != text)
		return !*end && n > 0 && n < NSIG ? (int)n : -EINVAL;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	if (strncasecmp(text, "RTMIN", 5) == 0 || strncasecmp(text, "RTMAX", 5) == 0) {
		int base = strncasecmp(text, "RTMIN", 5) == 0 ? 34
							      : 64; /* as runc and docker count */

		n = text[5] ? strtol(text + 5, &end, 10) : 0;
		if (text[5] && (*end || (text[5] != '+' && text[5] != '-')))
			return -EINVAL;
		return base + n >= 34 && base + n <= 64 ? (int)(base + n) : -EINVAL;
	}
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name && strcasecmp(name, text) == 0)
			return i;
	}
	return strcasecmp(text, "CLD") == 0     ? SIGCHLD
		: strcasecmp(text, "POLL") == 0 ? SIGIO
						: -EINVAL;
}
