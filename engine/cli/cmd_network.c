/* SPDX-License-Identifier: Apache-2.0 */
/* kist network ls; and the documents of networks */
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/docker/filter.h"
#include "engine/verb/inspect.h"
#include "engine/verb/network.h"
#include "lib/own.h"
#include "lib/sha256.h"

/* A network as it is listed and filtered. */
struct network {
	struct network_definition d;
	bool built_in;
	char id[SHA256_HEX_LEN + 1];
};

static int read_network(struct engine *e, const char *name, struct network *n, struct err *err)
{
	static const char *const built_in[] = {"bridge", NETWORK_HOST, NETWORK_NONE};

	*n = (struct network){0};
	if (network_read(e, name, &n->d, err) < 0)
		return -err->code;
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		n->built_in |= strcmp(built_in[i], name) == 0;
	/* docker's users expect ids of the built-in ones as well: always the same */
	if (n->d.id && strlen(n->d.id) == SHA256_HEX_LEN)
		memcpy(n->id, n->d.id, sizeof(n->id));
	else
		sha256_hex(name, strlen(name), n->id);
	return 0;
}

struct ls_options {
	bool quiet, no_trunc;
	const char *format;
	struct strv filter;
};

static const struct format_column columns[] = {
	{"CreatedAt", "CREATED AT"},
	{"Driver", "DRIVER"},
	{"ID", "NETWORK ID"},
	{"IPv6", "IPV6"},
	{"Internal", "INTERNAL"},
	{"Labels", "LABELS"},
	{"Name", "NAME"},
	{"Scope", "SCOPE"},
};

static const struct format_kind kind = {"*formatter.networkContext", columns, ARRAY_LEN(columns),
	"{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}"};

static struct json *make_row(struct engine *e, const struct ls_options *o, const struct network *n)
{
	struct arena *a = &e->arena;
	struct json *row = json_new_object(a);
	const char *created = n->built_in ? NULL : n->d.created;
	own_buf struct buf labels = {0};

	for (size_t i = 0; i < n->d.labels.count; i++)
		buf_addf(&labels, "%s%s=%s", i ? "," : "", n->d.labels.items[i].key,
			n->d.labels.items[i].value);

	json_set_string(a, row, "CreatedAt", created ? created : "0001-01-01 00:00:00 +0000 UTC");
	json_set_string(a, row, "Driver", n->d.driver);
	json_set_string(a, row, "ID", o->no_trunc ? n->id : arena_strndup(a, n->id, 12));
	json_set_string(a, row, "IPv6", "false");
	json_set_string(a, row, "Internal", n->d.internal ? "true" : "false");
	json_set_string(a, row, "Labels", buf_str(&labels));
	json_set_string(a, row, "Name", n->d.name);
	json_set_string(a, row, "Scope", "local");
	return row;
}

static bool match_type(const void *network, const char *value)
{
	return strcmp(((const struct network *)network)->built_in ? "builtin" : "custom", value) ==
		0;
}

static bool wanted(const struct filters *f, const struct network *n)
{
	return filters_match(f, "name", filter_name, n->d.name) &&
		filters_match(f, "driver", filter_equal, n->d.driver) &&
		filters_match(f, "id", filter_prefix, n->id) &&
		filters_match(f, "scope", filter_equal, "local") &&
		filters_match(f, "type", match_type, n);
}

static int run_ls(const struct cli_call *call, struct err *err)
{
	static const char *const keys[] = {"driver", "id", "name", "scope", "type", NULL};
	const struct ls_options *o = call->options;
	own_mouth struct mouth m = {0};
	struct engine *e = &m.engine;
	own_buf struct buf out = {0};
	struct strings names;
	struct filters f;
	struct json *rows;
	int status = 0;

	if (mouth_open_looking(&m, call, err) < 0 || filters_parse(&o->filter, keys, &f, err) < 0)
		return -err->code;
	network_list(e, &names);
	rows = json_new_array(&e->arena);
	for (size_t i = 0; i < names.count; i++) {
		struct network n;

		/* a damaged one is named, and hides no other */
		if (read_network(e, names.items[i], &n, err) < 0) {
			if (err->code != E_NOT_FOUND)
				mouth_complain(&m, err, &status);
			continue;
		}
		if (wanted(&f, &n))
			json_append(rows, make_row(e, o, &n));
	}
	if (format_rows(&kind, o->quiet && !o->format ? "{{.ID}}" : o->format, rows, &out, err) < 0)
		return -err->code;
	format_print(&out);
	return status;
}

#define LS struct ls_options

static const struct cli_option ls_options[] = {
	OPT_LIST(LS, filter, "filter", 'f', "KEY=VALUE", "only those, driver=bridge"),
	OPT_STRING(LS, format, "format", 0, "FORMAT", "table, json or a Go template"),
	OPT_FLAG(LS, no_trunc, "no-trunc", 0, "nothing shortened"),
	OPT_FLAG(LS, quiet, "quiet", 'q', "ids alone"),
};

const struct cli_command cmd_network_ls = {
	.name = "network ls",
	.synopsis = "[OPTIONS]",
	.help = "List networks",
	.options = ls_options,
	.noptions = ARRAY_LEN(ls_options),
	.options_size = sizeof(struct ls_options),
	.run = run_ls,
};

static const struct network_attachment *endpoint_in(
	const struct network_result *result, const char *network)
{
	for (size_t i = 0; i < result->endpoints.count; i++)
		if (strcmp(network_shown_name(result->endpoints.items[i].network), network) == 0)
			return &result->endpoints.items[i];
	return NULL;
}

/* The running containers that are in a network. */
static int add_containers(struct engine *e, const char *network, struct json *to, struct err *err)
{
	struct arena *a = &e->arena;
	struct container_records records;

	if (stored_container_list(e->store, &records, a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		const struct network_attachment *endpoint;
		struct network_result result;
		struct container_state state;
		struct json *c;

		network_result(e, records.items[i].id, &result);
		endpoint = endpoint_in(&result, network);
		if (!endpoint || container_state_read(e, &records.items[i], &state, err) < 0 ||
			!state.monitor)
			continue;
		c = json_new_object(a);
		json_set_string(a, c, "Name", records.items[i].name);
		json_set_string(a, c, "EndpointID", records.items[i].id);
		json_set_string(a, c, "MacAddress", endpoint->mac ? endpoint->mac : "");
		json_set_string(a, c, "IPv4Address",
			endpoint->addresses.count ? endpoint->addresses.items[0] : "");
		json_set_string(a, c, "IPv6Address", "");
		json_set(a, to, records.items[i].id, c);
	}
	return 0;
}

/* {"a":"b"} */
static struct json *labels_document(struct arena *a, const struct string_map *labels)
{
	struct json *d = json_new_object(a);

	for (size_t i = 0; i < labels->count; i++)
		json_set_string(a, d, labels->items[i].key, labels->items[i].value);
	return d;
}

static struct json *options_document(struct arena *a, const struct network_definition *n)
{
	struct json *d = json_new_object(a);

	if (n->bridge)
		json_set_string(a, d, "com.docker.network.bridge.name", n->bridge);
	if (n->mtu)
		json_set_string(a, d, "com.docker.network.driver.mtu",
			arena_printf(a, "%lld", (long long)n->mtu));
	return d;
}

struct json *inspect_network(struct engine *e, const char *name, struct err *err)
{
	static const char *const flags[] = {
		"EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly"};
	struct arena *a = &e->arena;
	struct json *d = json_new_object(a), *containers = json_new_object(a);
	struct json *ipam = json_new_object(a), *configs = json_new_array(a);
	struct network n;

	if (read_network(e, name, &n, err) < 0 || add_containers(e, name, containers, err) < 0)
		return NULL;
	json_set_string(a, d, "Name", n.d.name);
	json_set_string(a, d, "Id", n.id);
	json_set_string(a, d, "Created", n.d.created ? n.d.created : "0001-01-01T00:00:00Z");
	json_set_string(a, d, "Scope", "local");
	json_set_string(a, d, "Driver", n.d.driver);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		json_set_bool(a, d, flags[i], i == 1 && n.d.internal);
	json_set_string(a, ipam, "Driver", "default");
	json_set(a, ipam, "Options", json_new_null(a));
	if (n.d.subnet) {
		struct json *config = json_new_object(a);

		json_set_string(a, config, "Subnet", n.d.subnet);
		json_set_string(a, config, "Gateway", n.d.gateway);
		json_append(configs, config);
	}
	json_set(a, ipam, "Config", configs);
	json_set(a, d, "IPAM", ipam);
	json_set(a, d, "Containers", containers);
	json_set(a, d, "Options", options_document(a, &n.d));
	json_set(a, d, "Labels", labels_document(a, &n.d.labels));
	return d;
}
