/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "lib/own.h"
#include "netsetup/ip.h"
#include "spec/network_definition.h"
#include "spec/reference.h"

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Nothing but letters, digits and the extra characters; never empty. */
static bool made_of(const char *s, const char *extra, size_t max)
{
	size_t n = strlen(s);

	if (!n || n > max)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_alnum(s[i]) && !strchr(extra, s[i]))
			return false;
	return true;
}

bool config_interface_valid(const char *name)
{
	return network_name_valid(name) && strlen(name) < CONFIG_INTERFACE_MAX &&
		strcmp(name, "lo") != 0;
}

uint8_t config_protocol(const char *name)
{
	static const struct {
		const char *name;
		uint8_t number;
	} protocols[] = {{"tcp", IPPROTO_TCP}, {"udp", IPPROTO_UDP}, {"sctp", IPPROTO_SCTP}};

	for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
		if (strcmp(name ? name : "tcp", protocols[i].name) == 0)
			return protocols[i].number;
	return 0;
}

int config_parse_mac(const char *text, unsigned char mac[6])
{
	int end = 0;

	if (strlen(text) != 17 ||
		sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0], &mac[1], &mac[2],
			&mac[3], &mac[4], &mac[5], &end) != 6 ||
		end != 17 || strspn(text, "0123456789abcdefABCDEF:") != 17)
		return -EINVAL;
	/* neither a group's address nor nobody's */
	return mac[0] & 1 || memcmp(mac, "\0\0\0\0\0\0", 6) == 0 ? -EINVAL : 0;
}

enum config_kind config_kind(const struct network_wish *wish)
{
	const char *only = wish->endpoints.count == 1 ? wish->endpoints.items[0].network : NULL;

	if (wish->endpoints.count == 0 || (only && strcmp(only, NETWORK_NONE) == 0))
		return CONFIG_NONE;
	return only && strcmp(only, NETWORK_HOST) == 0 ? CONFIG_HOST : CONFIG_BRIDGED;
}

static bool is_address(const char *s)
{
	unsigned char any[16];

	return inet_pton(AF_INET, s, any) == 1 || inet_pton(AF_INET6, s, any) == 1;
}

int config_split_host(struct arena *a, const char *text, const char **name, const char **address)
{
	size_t n = strcspn(text, ":=");
	const char *rest = text + n + (text[n] != '\0');
	size_t len = strlen(rest);

	if (len > 2 && rest[0] == '[' && rest[len - 1] == ']')
		rest = arena_strndup(a, rest + 1, len - 2);
	*name = arena_strndup(a, text, n);
	*address = rest;
	if (!made_of(*name, "_.-", 253) || (strcmp(rest, "host-gateway") != 0 && !is_address(rest)))
		return -EINVAL;
	return 0;
}

static int bad(struct err *err, const char *what, const char *value)
{
	return err_set(err, E_SYNTAX, "invalid %s '%.140s'", what, value);
}

static int check_port(struct port *p, struct err *err)
{
	uint32_t ignored;

	if (!p->protocol)
		p->protocol = "tcp";
	if (!p->host_ip)
		p->host_ip = "";
	if (port_check(p, err) < 0)
		return -err->code;
	if (!*p->host_ip || ip_parse(p->host_ip, &ignored) == 0)
		return 0;
	if (is_address(p->host_ip))
		return err_set(err, E_UNSUPPORTED,
			"cannot publish on '%s': only IPv4 addresses are supported", p->host_ip);
	return bad(err, "host_ip", p->host_ip);
}

/* How much there is of what costs something by the piece, in all endpoints. */
struct amount {
	size_t ports;      /* elements of the document */
	size_t renumbered; /* ports of rows that have other numbers inside */
};

static int check_ports(struct network_endpoint *e, struct amount *sum, struct err *err)
{
	sum->ports += e->ports.count;
	if (sum->ports > CONFIG_PORTS_MAX)
		return err_set(err, E_LIMIT, "more than %d published ports or rows of them",
			CONFIG_PORTS_MAX);
	for (size_t i = 0; i < e->ports.count; i++) {
		struct port *p = &e->ports.items[i];

		if (check_port(p, err) < 0)
			return schema_error_at(err, "ports[%zu]", i);
		if (port_count(p) > 1 && p->host_port != p->container_port)
			sum->renumbered += port_count(p);
	}
	if (sum->renumbered > CONFIG_RENUMBERED_MAX)
		return err_set(err, E_LIMIT,
			"more than %d ports in rows that have other numbers inside",
			CONFIG_RENUMBERED_MAX);
	return 0;
}

static int check_endpoint(
	struct arena *a, struct network_wish *w, size_t place, struct amount *sum, struct err *err)
{
	struct network_endpoint *e = &w->endpoints.items[place];
	bool simple = strcmp(e->network, NETWORK_HOST) == 0 ||
		strcmp(e->network, NETWORK_NONE) == 0;
	unsigned char mac[6];
	uint32_t address;

	if (!network_name_valid(e->network))
		return bad(err, "network name", e->network);
	for (size_t i = 0; i < place; i++)
		if (strcmp(w->endpoints.items[i].network, e->network) == 0)
			return err_set(err, E_SYNTAX, "network %s occurs twice", e->network);
	if (simple && w->endpoints.count > 1)
		return err_set(err, E_SYNTAX, "network %s cannot be joined together with others",
			e->network);
	if (simple && (e->ports.count || e->addresses.count || e->aliases.count || e->mac))
		return err_set(err, E_SYNTAX,
			"ports, addresses, aliases and mac are nothing for network %s", e->network);
	if (!e->interface)
		e->interface = arena_printf(a, "eth%zu", place);
	if (!config_interface_valid(e->interface))
		return bad(err, "interface name", e->interface);
	for (size_t i = 0; i < place; i++)
		if (strcmp(w->endpoints.items[i].interface, e->interface) == 0)
			return err_set(err, E_SYNTAX, "interface %s occurs twice", e->interface);
	if (e->mac && config_parse_mac(e->mac, mac) < 0)
		return bad(err, "mac", e->mac);
	if (e->addresses.count > 1)
		return err_set(
			err, E_UNSUPPORTED, "more than one address on network %s", e->network);
	if (e->addresses.count && ip_parse(e->addresses.items[0], &address) < 0)
		return bad(err, "address", e->addresses.items[0]);
	for (size_t i = 0; i < e->aliases.count; i++)
		if (!made_of(e->aliases.items[i], "_.-", 253))
			return bad(err, "alias", e->aliases.items[i]);
	return check_ports(e, sum, err);
}

static int check_resolver(const struct network_wish *w, struct err *err)
{
	for (size_t i = 0; i < w->dns.count; i++)
		if (!is_address(w->dns.items[i]))
			return bad(err, "dns address", w->dns.items[i]);
	for (size_t i = 0; i < w->dns_search.count; i++)
		if (!made_of(w->dns_search.items[i], "_.-", 253))
			return bad(err, "dns_search domain", w->dns_search.items[i]);
	for (size_t i = 0; i < w->dns_options.count; i++)
		if (!made_of(w->dns_options.items[i], "_:-", 64))
			return bad(err, "dns_options", w->dns_options.items[i]);
	return 0;
}

/* The id becomes a file's name, as a network's does. */
static int check_id(const struct network_wish *w, struct err *err)
{
	return network_name_valid(w->container_id) ? 0 : bad(err, "container_id", w->container_id);
}

static int check(struct arena *a, struct network_wish *w, struct err *err)
{
	const char *name, *address;
	struct amount sum = {0};

	if (check_id(w, err) < 0)
		return -err->code;
	if (w->name && *w->name && !network_name_valid(w->name) && !name_valid(w->name))
		return bad(err, "container name", w->name);
	/* HOST_NAME_MAX of Linux */
	if (w->hostname && *w->hostname && !made_of(w->hostname, "_.-", 64))
		return bad(err, "hostname", w->hostname);
	if (w->files && *w->files != '/')
		return err_set(err, E_SYNTAX, "files: '%.140s' is no absolute path", w->files);
	if (w->held && *w->held != '/')
		return err_set(err, E_SYNTAX, "held: '%.140s' is no absolute path", w->held);
	if (w->endpoints.count > CONFIG_ENDPOINTS_MAX)
		return err_set(err, E_LIMIT, "more than %d endpoints", CONFIG_ENDPOINTS_MAX);
	for (size_t i = 0; i < w->endpoints.count; i++)
		if (check_endpoint(a, w, i, &sum, err) < 0)
			return schema_error_at(err, "endpoints[%zu]", i);
	for (size_t i = 0; i < w->extra_hosts.count; i++)
		if (config_split_host(a, w->extra_hosts.items[i], &name, &address) < 0)
			return bad(err, "extra_hosts entry", w->extra_hosts.items[i]);
	return check_resolver(w, err);
}

int config_parse(
	struct arena *a, const char *text, size_t len, struct network_wish *wish, struct err *err)
{
	struct json *doc = json_parse(a, text, len, JSON_LINE_MAX, err);

	if (!doc || schema_decode(&network_wish_schema, doc, wish, a, err) < 0 ||
		check(a, wish, err) < 0)
		return err_wrap(err, "network wish");
	/* without this an older wish, of one network, would be a wish for none */
	if (!json_get(doc, "endpoints"))
		return err_set(err, E_SYNTAX, "network wish: endpoints: missing");
	return 0;
}

int config_parse_id(
	struct arena *a, const char *text, size_t len, struct network_wish *wish, struct err *err)
{
	if (schema_decode_text(&network_wish_schema, text, len, JSON_LINE_MAX, wish, a, err) < 0 ||
		check_id(wish, err) < 0)
		return err_wrap(err, "network wish");
	for (size_t i = 0; i < wish->endpoints.count; i++)
		if (!network_name_valid(wish->endpoints.items[i].network))
			return bad(err, "network name", wish->endpoints.items[i].network);
	return 0;
}
