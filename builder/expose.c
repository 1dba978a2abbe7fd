/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/expose.h"

#include <ctype.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool contains(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], s) == 0)
			return true;
	return false;
}

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

int expose_add(struct strings *ports, const char *text, struct arena *a, struct err *err)
{
	const char *slash = strchr(text, '/'), *end = slash ? slash : text + strlen(text);
	const char *dash = memchr(text, '-', (size_t)(end - text));
	char *proto = arena_strdup(a, slash ? slash + 1 : "tcp");
	long first = read_port(text, dash ? dash : end), last = first;

	for (char *p = proto; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (dash)
		last = read_port(dash + 1, end);
	if (first < 0 || last < 0)
		return err_set(
			err, E_SYNTAX, "Invalid containerPort: %.*s", (int)(end - text), text);
	if (last < first)
		return err_set(err, E_SYNTAX, "Invalid range specified for port: %.*s",
			(int)(end - text), text);
	if (strcmp(proto, "tcp") != 0 && strcmp(proto, "udp") != 0 && strcmp(proto, "sctp") != 0)
		return err_set(err, E_SYNTAX, "Invalid proto: %s", proto);
	for (long n = first; n <= last; n++) {
		const char *port = arena_printf(a, "%ld/%s", n, proto);

		if (!contains(ports, port))
			strings_add(a, ports, port);
	}
	return 0;
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
