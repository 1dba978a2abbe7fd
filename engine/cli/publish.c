/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/publish.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct range {
	unsigned first, last;
};

/* "80" or "8000-8010" */
static int parse_range(const char *text, struct range *r)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	r->first = r->last = (unsigned)strtoul(text, &end, 10);
	if (*end == '-' && isdigit((unsigned char)end[1]))
		r->last = (unsigned)strtoul(end + 1, &end, 10);
	return *end || r->first > 65535 || r->last > 65535 || r->last < r->first ? -1 : 0;
}

/* Cut "/udp" off. In the arena, lower case. NULL: no protocol that we know. */
static const char *take_protocol(char *text, struct arena *a)
{
	char *slash = strchr(text, '/');
	char *protocol;

	if (!slash)
		return "tcp";
	*slash = '\0';
	protocol = arena_strdup(a, slash + 1);
	for (char *c = protocol; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return port_protocol_valid(protocol) ? protocol : NULL;
}

/* Cut the address in front off: "127.0.0.1:80:80", "[::1]:80:80". *rest gets what follows it. */
static int take_address(char *text, const char **ip, char **rest, struct err *err)
{
	unsigned char address[sizeof(struct in6_addr)];
	char *end;

	*ip = "";
	*rest = text;
	if (*text == '[') {
		end = strchr(text, ']');
		if (!end || end[1] != ':')
			return err_set(err, E_USAGE, "Invalid ip address: %s", text);
		*end = '\0';
		if (inet_pton(AF_INET6, text + 1, address) != 1)
			return err_set(err, E_USAGE, "Invalid ip address: %s", text + 1);
		*ip = text + 1;
		*rest = end + 2;
		return 0;
	}
	end = strchr(text, ':');
	if (!end || !strchr(end + 1, ':'))
		return 0;
	*end = '\0';
	if (*text && inet_pton(AF_INET, text, address) != 1)
		return err_set(err, E_USAGE, "Invalid ip address: %s", text);
	*ip = text;
	*rest = end + 1;
	return 0;
}

/*
 * A range of host ports for one container port means "one of them is free": kist takes what it is
 * told, so that only ranges of the same length, and no host port at all, make sense here.
 */
static int add_ranges(struct port_list *ports, struct port p, struct range container,
	const struct range *host, struct arena *a, struct err *err)
{
	if (ports->count + (container.last - container.first) >= PUBLISH_PORTS_MAX)
		return err_set(err, E_LIMIT, "more than %d ports are published", PUBLISH_PORTS_MAX);
	for (unsigned i = 0; i <= container.last - container.first; i++) {
		p.container_port = (container.first + i);
		p.host_port = host ? (host->first + i) : 0;
		port_list_add(ports, &p, a);
	}
	return 0;
}

int publish_parse(const char *text, struct port_list *ports, struct arena *a, struct err *err)
{
	char *copy = arena_strdup(a, text), *rest, *colon;
	struct port p = {.protocol = take_protocol(copy, a)};
	struct range container, host;
	const char *host_text = "";

	if (!p.protocol)
		return err_set(err, E_USAGE, "Invalid proto: %s", strchr(text, '/') + 1);
	if (take_address(copy, &p.host_ip, &rest, err) < 0)
		return -err->code;
	colon = strchr(rest, ':');
	if (colon) {
		*colon = '\0';
		host_text = rest;
		rest = colon + 1;
	}
	if (!*rest)
		return err_set(err, E_USAGE, "No port specified: %s<empty>", text);
	if (parse_range(rest, &container) < 0 || container.first == 0)
		return err_set(err, E_USAGE, "Invalid containerPort: %s", rest);
	if (!*host_text)
		return add_ranges(ports, p, container, NULL, a, err);
	if (parse_range(host_text, &host) < 0)
		return err_set(err, E_USAGE, "Invalid hostPort: %s", host_text);
	if (host.last - host.first != container.last - container.first)
		return err_set(err, E_USAGE,
			"Invalid ranges specified for container and host Ports: %s and %s", rest,
			host_text);
	return add_ranges(ports, p, container, host.first ? &host : NULL, a, err);
}

int publish_parse_expose(
	const char *text, struct port_list *ports, struct arena *a, struct err *err)
{
	char *copy = arena_strdup(a, text);
	struct port p = {.host_ip = "", .protocol = take_protocol(copy, a)};
	struct range container;

	if (!p.protocol || parse_range(copy, &container) < 0 || container.first == 0)
		return err_set(err, E_USAGE, "invalid port format for --expose: %s", text);
	return add_ranges(ports, p, container, NULL, a, err);
}
