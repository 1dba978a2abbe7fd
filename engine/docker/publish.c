/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/publish.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/docker/docker.h"
#include "lib/own.h"

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

static int add_range(
	struct port_list *ports, struct port p, struct range r, struct arena *a, struct err *err)
{
	uint64_t all = 0;

	for (size_t i = 0; i < ports->count; i++)
		all += port_count(&ports->items[i]);
	p.container_port = r.first;
	p.count = r.last - r.first + 1;
	if (ports->count >= PUBLISH_RANGES_MAX || all + p.count > PUBLISH_PORTS_MAX)
		return err_set(err, E_LIMIT, "more than %d ports in %d ranges are published",
			PUBLISH_PORTS_MAX, PUBLISH_RANGES_MAX);
	port_list_add(ports, &p, a);
	return 0;
}

/*
 * A range of host ports for one container port means "one of them is free": kist takes what it is
 * told, so that only ranges of the same length, and no host port at all, make sense here.
 */
static int set_host_port(struct port *p, const char *text, const char *container_text,
	const struct range *container, struct err *err)
{
	struct range host;

	if (!*text)
		return 0;
	if (parse_range(text, &host) < 0)
		return err_set(err, E_USAGE, "Invalid hostPort: %s", text);
	if (host.last - host.first != container->last - container->first)
		return err_set(err, E_USAGE,
			"Invalid ranges specified for container and host Ports: %s and %s",
			container_text, text);
	p->host_port = host.first;
	return 0;
}

int publish_parse(const char *text, struct port_list *ports, struct arena *a, struct err *err)
{
	char *copy = arena_strdup(a, text), *rest, *colon;
	struct port p = {.protocol = take_protocol(copy, a)};
	const char *host_text = "";
	struct range container;

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
	if (set_host_port(&p, host_text, rest, &container, err) < 0)
		return -err->code;
	return add_range(ports, p, container, a, err);
}

/* "80", "80/udp", "8000-8010/tcp" */
static int parse_key(const char *text, struct port *p, struct range *r, struct arena *a)
{
	char *copy = arena_strdup(a, text);

	*p = (struct port){.host_ip = "", .protocol = take_protocol(copy, a)};
	if (!p->protocol || parse_range(copy, r) < 0 || r->first == 0)
		return -1;
	p->container_port = r->first;
	p->count = r->last - r->first + 1;
	return 0;
}

int publish_parse_expose(const char *text, struct port *p, struct arena *a, struct err *err)
{
	struct range r;

	if (parse_key(text, p, &r, a) < 0)
		return err_set(err, E_USAGE, "invalid port format for --expose: %s", text);
	return 0;
}

const char *publish_key(const struct port *p, struct arena *a)
{
	const char *protocol = p->protocol ? p->protocol : "tcp";

	if (port_count(p) == 1)
		return arena_printf(a, "%u/%s", p->container_port, protocol);
	return arena_printf(
		a, "%u-%u/%s", p->container_port, p->container_port + port_count(p) - 1, protocol);
}

/* ---- rows of ports ---- */

static const char *ip_of(const struct port *p)
{
	return p->host_ip ? p->host_ip : "";
}

static const char *protocol_of(const struct port *p)
{
	return p->protocol ? p->protocol : "tcp";
}

/* How far the host's ports are from the container's: equal within one row. */
static int64_t distance(const struct port *p)
{
	return p->host_port ? (int64_t)p->host_port - p->container_port : INT64_MAX;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The order in which ports that can be one row are neighbours. */
static int by_row(const void *one, const void *two)
{
	const struct port *a = one, *b = two;
	int r = strcmp(protocol_of(a), protocol_of(b));

	if (!r)
		r = strcmp(ip_of(a), ip_of(b));
	if (!r)
		r = compare_numbers(distance(a), distance(b));
	return r ? r : compare_numbers(a->container_port, b->container_port);
}

/* The order in which they are shown: by the container's port, then the host's. */
static int by_port(const void *one, const void *two)
{
	const struct port *a = one, *b = two;
	int r = compare_numbers(a->container_port, b->container_port);

	if (!r)
		r = strcmp(protocol_of(a), protocol_of(b));
	if (!r)
		r = compare_numbers(port_count(a), port_count(b));
	if (!r)
		r = strcmp(ip_of(a), ip_of(b));
	return r ? r : compare_numbers(a->host_port, b->host_port);
}

static void sort(struct port_list *ports, int (*order)(const void *, const void *))
{
	if (ports->count > 1)
		qsort(ports->items, ports->count, sizeof(*ports->items), order);
}

void publish_join(struct port_list *ports)
{
	size_t kept = 0;

	sort(ports, by_row);
	for (size_t i = 0; i < ports->count; i++) {
		struct port *p = &ports->items[i];
		struct port *last = kept ? &ports->items[kept - 1] : NULL;

		if (last && strcmp(protocol_of(last), protocol_of(p)) == 0 &&
			strcmp(ip_of(last), ip_of(p)) == 0 && distance(last) == distance(p) &&
			last->container_port + port_count(last) == p->container_port)
			last->count = port_count(last) + port_count(p);
		else
			ports->items[kept++] = *p;
	}
	ports->count = kept;
	sort(ports, by_port);
}

static struct port_list copy(const struct port_list *from, struct arena *a)
{
	struct port_list to = {0};

	for (size_t i = 0; i < from->count; i++)
		port_list_add(&to, &from->items[i], a);
	return to;
}

/* Each port of each row as an element of its own. */
static void split_ranges(const struct port_list *from, struct port_list *to, struct arena *a)
{
	*to = (struct port_list){0};
	for (size_t i = 0; i < from->count; i++) {
		struct port p = from->items[i];
		uint32_t n = port_count(&p);

		for (p.count = 1; n > 0; n--, p.container_port++) {
			port_list_add(to, &p, a);
			p.host_port += p.host_port ? 1 : 0;
		}
	}
}

static const char *host_port_text(const struct port *p, struct arena *a)
{
	if (!p->host_port)
		return "";
	if (port_count(p) == 1)
		return arena_printf(a, "%u", p->host_port);
	return arena_printf(a, "%u-%u", p->host_port, p->host_port + port_count(p) - 1);
}

struct json *publish_bindings(const struct port_list *ports, bool single, struct arena *a)
{
	struct json *bindings = json_new_object(a), *list = NULL;
	struct port_list sorted;

	if (single)
		split_ranges(ports, &sorted, a);
	else
		sorted = copy(ports, a);
	sort(&sorted, by_port);
	for (size_t i = 0; i < sorted.count; i++) {
		const struct port *p = &sorted.items[i], *before = i ? p - 1 : NULL;
		struct docker_port_binding b = {ip_of(p), host_port_text(p, a)};

		if (!before || before->container_port != p->container_port ||
			port_count(before) != port_count(p) ||
			strcmp(protocol_of(before), protocol_of(p)) != 0)
			list = json_set(a, bindings, publish_key(p, a), json_new_array(a));
		json_append(list, schema_encode(&docker_port_binding_schema, &b, a));
	}
	return bindings;
}

int publish_read_bindings(
	const struct json *bindings, struct port_list *ports, struct arena *a, struct err *err)
{
	struct docker_port_binding b;
	uint64_t all = 0;

	*ports = (struct port_list){0};
	if (bindings && bindings->type != JSON_OBJECT && bindings->type != JSON_NULL)
		return err_set(err, E_SYNTAX, "PortBindings: expected an object");
	json_each_member (key, bindings) {
		struct range r;
		struct port p;

		if (parse_key(key->key, &p, &r, a) < 0)
			return err_set(
				err, E_USAGE, "invalid port specification: \"%.100s\"", key->key);
		if (key->type != JSON_ARRAY && key->type != JSON_NULL)
			return err_set(
				err, E_SYNTAX, "PortBindings.%.100s: expected an array", key->key);
		/* docker: a key without an address asks for a free port, too */
		if (!key->first)
			port_list_add(ports, &p, a);
		json_each (item, key) {
			if (schema_decode(&docker_port_binding_schema, item, &b, a, err) < 0)
				return schema_error_at(err, "PortBindings.%.100s", key->key);
			p.host_ip = b.host_ip ? b.host_ip : "";
			p.host_port = 0;
			if (set_host_port(&p, b.host_port ? b.host_port : "", key->key, &r, err) <
				0)
				return -err->code;
			port_list_add(ports, &p, a);
		}
		all += (uint64_t)p.count * (key->count ? key->count : 1);
		if (all > PUBLISH_PORTS_MAX)
			return err_set(err, E_LIMIT, "PortBindings: more than %d ports",
				PUBLISH_PORTS_MAX);
	}
	publish_join(ports);
	return 0;
}

int publish_read_exposed(
	const struct strings *keys, struct port_list *ports, struct arena *a, struct err *err)
{
	struct port p;
	struct range r;

	*ports = (struct port_list){0};
	for (size_t i = 0; i < keys->count; i++) {
		if (parse_key(keys->items[i], &p, &r, a) < 0)
			return err_set(err, E_USAGE, "ExposedPorts: invalid port '%.100s'",
				keys->items[i]);
		port_list_add(ports, &p, a);
	}
	return 0;
}

/* Take what is twice out of ports that are sorted by_row, and join neighbours. */
static void join_overlapping(struct port_list *ports)
{
	size_t kept = 0;

	for (size_t i = 0; i < ports->count; i++) {
		const struct port *p = &ports->items[i];
		struct port *last = kept ? &ports->items[kept - 1] : NULL;
		uint32_t end = p->container_port + port_count(p);

		if (last && strcmp(protocol_of(last), protocol_of(p)) == 0 &&
			p->container_port <= last->container_port + port_count(last)) {
			if (end > last->container_port + port_count(last))
				last->count = end - last->container_port;
		} else {
			ports->items[kept++] = *p;
		}
	}
	ports->count = kept;
}

void publish_expose(struct port_list *exposed)
{
	for (size_t i = 0; i < exposed->count; i++) {
		exposed->items[i].host_ip = "";
		exposed->items[i].host_port = 0;
	}
	sort(exposed, by_row);
	join_overlapping(exposed);
	sort(exposed, by_port);
}

void publish_without(const struct port_list *exposed, const struct port_list *published,
	struct port_list *left, struct arena *a)
{
	struct port_list taken = copy(published, a), all = copy(exposed, a);
	size_t next = 0;

	*left = (struct port_list){0};
	publish_expose(&taken);
	publish_expose(&all);
	sort(&taken, by_row);
	sort(&all, by_row);
	for (size_t i = 0; i < all.count; i++) {
		struct port p = all.items[i];
		uint32_t end = p.container_port + port_count(&p);

		while (p.container_port < end) {
			const struct port *t = next < taken.count ? &taken.items[next] : NULL;
			int order = t ? strcmp(protocol_of(t), protocol_of(&p)) : 1;

			if (order < 0 ||
				(!order && t->container_port + port_count(t) <= p.container_port)) {
				next++;
				continue;
			}
			p.count = end - p.container_port;
			if (!order && t->container_port < end) {
				if (t->container_port > p.container_port) {
					p.count = t->container_port - p.container_port;
					port_list_add(left, &p, a);
				}
				p.container_port = t->container_port + port_count(t);
				continue;
			}
			port_list_add(left, &p, a);
			p.container_port = end;
		}
	}
	sort(left, by_port);
}

void publish_keys(const struct port_list *ports, bool single, struct strings *keys, struct arena *a)
{
	struct port_list all = *ports;

	if (single)
		split_ranges(ports, &all, a);
	*keys = (struct strings){0};
	for (size_t i = 0; i < all.count; i++)
		strings_add(a, keys, publish_key(&all.items[i], a));
}

bool publish_matches(const struct port_list *ports, const char *value, struct arena *a)
{
	struct range r;
	struct port p;

	if (parse_key(value, &p, &r, a) < 0)
		return false;
	for (size_t i = 0; i < ports->count; i++) {
		const struct port *q = &ports->items[i];

		if (q->container_port <= r.last && r.first < q->container_port + port_count(q) &&
			(!strchr(value, '/') || strcmp(protocol_of(q), p.protocol) == 0))
			return true;
	}
	return false;
}
