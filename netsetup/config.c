/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "lib/own.h"

static const struct schema_field port_fields[] = {
	FIELD(struct config_port, host_ip, "host_ip", SCHEMA_STRING),
	FIELD(struct config_port, host_port, "host_port", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct config_port, container_port, "container_port", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct config_port, protocol, "protocol", SCHEMA_STRING),
};
static const struct schema port_schema = SCHEMA(struct config_port, port_fields);

static const struct schema_field config_fields[] = {
	FIELD(struct config, container_id, "container_id", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct config, name, "name", SCHEMA_STRING),
	FIELD(struct config, hostname, "hostname", SCHEMA_STRING),
	FIELD(struct config, network, "network", SCHEMA_STRING),
	FIELD(struct config, ports, "ports", SCHEMA_LIST, .sub = &port_schema),
	FIELD(struct config, dns, "dns", SCHEMA_STRINGS),
	FIELD(struct config, dns_search, "dns_search", SCHEMA_STRINGS),
	FIELD(struct config, dns_options, "dns_options", SCHEMA_STRINGS),
	FIELD(struct config, extra_hosts, "extra_hosts", SCHEMA_STRINGS),
	FIELD(struct config, files, "files", SCHEMA_STRING),
};
static const struct schema config_schema = SCHEMA(struct config, config_fields);

static const struct {
	const char *name;
	uint8_t ipproto;
} protocols[] = {{"tcp", IPPROTO_TCP}, {"udp", IPPROTO_UDP}, {"sctp", IPPROTO_SCTP}};

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

bool config_name_ok(const char *name)
{
	return made_of(name, "_.-", 128) && is_alnum(name[0]);
}

uint8_t config_protocol(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
		if (strcmp(name, protocols[i].name) == 0)
			return protocols[i].ipproto;
	return 0;
}

const char *config_protocol_name(uint8_t ipproto)
{
	for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
		if (protocols[i].ipproto == ipproto)
			return protocols[i].name;
	return "?";
}

enum config_kind config_kind(const struct config *config)
{
	if (strcmp(config->network, "host") == 0)
		return CONFIG_HOST;
	return strcmp(config->network, "none") == 0 ? CONFIG_NONE : CONFIG_BRIDGE;
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

static int check_port(struct config_port *p, struct err *err)
{
	if (!p->protocol)
		p->protocol = "tcp";
	if (!p->host_ip)
		p->host_ip = "";
	p->ipproto = config_protocol(p->protocol);
	if (!p->ipproto)
		return err_set(err, E_SYNTAX, "invalid proto: %s", p->protocol);
	if (p->container_port < 1 || p->container_port > 65535)
		return err_set(
			err, E_SYNTAX, "Invalid containerPort: %lld", (long long)p->container_port);
	if (p->host_port < 0 || p->host_port > 65535)
		return err_set(err, E_SYNTAX, "Invalid hostPort: %lld", (long long)p->host_port);
	if (!*p->host_ip || ip_parse(p->host_ip, &p->address) == 0)
		return 0;
	if (is_address(p->host_ip))
		return err_set(err, E_UNSUPPORTED,
			"cannot publish on '%s': only IPv4 addresses are supported", p->host_ip);
	return err_set(err, E_SYNTAX, "Invalid ip address: %s", p->host_ip);
}

static int check_ports(struct config *c, struct err *err)
{
	if (c->ports.count > CONFIG_PORTS_MAX)
		return err_set(err, E_LIMIT, "more than %d published ports", CONFIG_PORTS_MAX);
	if (c->ports.count && config_kind(c) == CONFIG_NONE)
		return err_set(err, E_SYNTAX, "ports cannot be published without a network");
	for (size_t i = 0; i < c->ports.count; i++)
		if (check_port(&c->ports.items[i], err) < 0)
			return -err->code;
	return 0;
}

static int check_resolver(struct config *c, struct err *err)
{
	for (size_t i = 0; i < c->dns.count; i++)
		if (!is_address(c->dns.items[i]))
			return err_set(err, E_SYNTAX, "%s is not an ip address", c->dns.items[i]);
	for (size_t i = 0; i < c->dns_search.count; i++)
		if (!made_of(c->dns_search.items[i], "_.-", 253))
			return err_set(
				err, E_SYNTAX, "%s is not a valid domain", c->dns_search.items[i]);
	for (size_t i = 0; i < c->dns_options.count; i++)
		if (!made_of(c->dns_options.items[i], "_:-", 64))
			return err_set(err, E_SYNTAX, "%s is not a resolver option",
				c->dns_options.items[i]);
	return 0;
}

static int check(struct arena *a, struct config *c, struct err *err)
{
	const char *name, *address;

	if (!config_name_ok(c->container_id))
		return err_set(err, E_SYNTAX, "invalid container id '%.140s'", c->container_id);
	if (!c->network || !*c->network)
		c->network = "default";
	if (!config_name_ok(c->network))
		return err_set(err, E_SYNTAX, "invalid network name '%.140s'", c->network);
	if (c->name && *c->name && !config_name_ok(c->name))
		return err_set(err, E_SYNTAX,
			"Invalid container name (%.140s), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
			c->name);
	/* HOST_NAME_MAX of Linux */
	if (c->hostname && *c->hostname && !made_of(c->hostname, "_.-", 64))
		return err_set(err, E_SYNTAX, "invalid hostname '%.140s'", c->hostname);
	for (size_t i = 0; i < c->extra_hosts.count; i++)
		if (config_split_host(a, c->extra_hosts.items[i], &name, &address) < 0)
			return err_set(err, E_SYNTAX, "bad format for add-host: \"%.300s\"",
				c->extra_hosts.items[i]);
	return check_ports(c, err) < 0 || check_resolver(c, err) < 0 ? -err->code : 0;
}

int config_parse(
	struct arena *a, const char *text, size_t len, struct config *config, struct err *err)
{
	if (schema_decode_text(&config_schema, text, len, JSON_LINE_MAX, config, a, err) < 0 ||
		check(a, config, err) < 0)
		return err_wrap(err, "network configuration");
	return 0;
}
