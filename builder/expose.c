/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/expose.h"

#include <ctype.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/own.h"

static const char *const protocols[] = {"tcp", "udp", "sctp"};

/* A port up to end; -1 when it is none. */
static long read_port(const char *text, const char *end)
{
	char *stop;
	long n;

	if (text == end || !isdigit((unsigned char)*text))
		return -1;
	n = strtol(text, &stop, 10);
	return stop == end && n <= 65535 ? n : -1;
}

static void set_range(uint64_t *bits, size_t first, size_t last)
{
	for (size_t word = first / 64; word <= last / 64; word++) {
		uint64_t mask = ~UINT64_C(0);

		if (word == first / 64)
			mask &= ~UINT64_C(0) << first % 64;
		if (word == last / 64)
			mask &= ~UINT64_C(0) >> (63 - last % 64);
		bits[word] |= mask;
	}
}

int expose_add(struct exposed *e, const char *text, struct err *err)
{
	const char *slash = strchr(text, '/'), *end = slash ? slash : text + strlen(text);
	const char *dash = memchr(text, '-', (size_t)(end - text));
	long first = read_port(text, dash ? dash : end), last = first;
	size_t protocol = 0;

	if (dash)
		last = read_port(dash + 1, end);
	if (first < 0 || last < 0)
		return err_set(
			err, E_SYNTAX, "Invalid containerPort: %.*s", (int)(end - text), text);
	if (last < first)
		return err_set(err, E_SYNTAX, "Invalid range specified for port: %.*s",
			(int)(end - text), text);
	while (slash && protocol < ARRAY_LEN(protocols) &&
		strcasecmp(slash + 1, protocols[protocol]) != 0)
		protocol++;
	if (protocol == ARRAY_LEN(protocols))
		return err_set(err, E_SYNTAX, "Invalid proto: %s", slash + 1);
	set_range(e->bits[protocol], (size_t)first, (size_t)last);
	return 0;
}

void expose_list(const struct exposed *e, struct strings *ports, struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
		for (size_t n = 0; n < EXPOSE_PORTS; n++)
			if (e->bits[i][n / 64] >> n % 64 & 1)
				strings_add(a, ports, arena_printf(a, "%zu/%s", n, protocols[i]));
}

bool signal_valid(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);
	const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;

	if (isdigit((unsigned char)*text))
		return !*end && number > 0 && number <= 64;
	if (strncasecmp(name, "RTMIN", 5) == 0 || strncasecmp(name, "RTMAX", 5) == 0) {
		number = strtol(name + 5, &end, 10);
		return !*end && labs(number) <= 30;
	}
	for (int i = 1; i < SIGRTMIN; i++)
		if (sigabbrev_np(i) && strcasecmp(sigabbrev_np(i), name) == 0)
			return true;
	return false;
}
