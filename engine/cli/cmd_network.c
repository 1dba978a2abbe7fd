/* SPDX-License-Identifier: Apache-2.0 */
/* kist network ls; and the documents of networks */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/cli/cmd.h"
#include "engine/cli/format.h"
#include "engine/cli/mouth.h"
#include "engine/docker/filter.h"
#include "engine/verb/inspect.h"
#include "engine/verb/network.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/sha256.h"
#include "spec/reference.h"

struct network {
	const char *name, *driver;
	char id[SHA256_HEX_LEN + 1];
	const struct json *file; /* ROOT/networks/<name>.json; NULL: built in */
};

static const struct network built_in[] = {
	{.name = "bridge", .driver = "bridge"},
	{.name = "host", .driver = "host"},
	{.name = "none", .driver = "null"},
};

/* Networks have names; docker's users expect ids as well: the same name always has the same one. */
static void set_id(struct network *n)
{
	const char *id = json_get_string(n->file, "id");

	if (id && strlen(id) == SHA256_HEX_LEN)
		memcpy(n->id, id, sizeof(n->id));
	else
		sha256_hex(n->name, strlen(n->name), n->id);
}

static int read_network(struct engine *e, const char *name, struct network *n, struct err *err)
{
	own_mem char *path = xasprintf("networks/%s.json", name);
	const char *driver;

	*n = (struct network){.name = arena_strdup(&e->arena, name)};
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		if (strcmp(built_in[i].name, name) == 0)
			n->driver = built_in[i].driver;
	if (!n->driver) {
		if (!name_valid(name) || faccessat(e->store->root, path, F_OK, 0) < 0)
			return err_set(err, E_NOT_FOUND, "network %s not found", name);
		n->file = json_read_file(&e->arena, e->store->root, path, err);
		if (!n->file)
			return -err->code;
		driver = json_get_string(n->file, "driver");
		n->driver = driver ? driver : "bridge";
	}
	set_id(n);
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The built-in ones and the files of ROOT/networks, by name. */
static void list_names(struct engine *e, struct strings *names)
{
	own_dir DIR *d = io_open_dir(e->store->root, "networks");
	struct dirent *entry;

	*names = (struct strings){0};
	for (size_t i = 0; i < ARRAY_LEN(built_in); i++)
		strings_add(&e->arena, names, built_in[i].name);
	while (d && (entry = readdir(d))) {
		size_t n = strlen(entry->d_name);
		const char *name;

		if (n < 6 || strcmp(entry->d_name + n - 5, ".json") != 0)
			continue;
		name = arena_strndup(&e->arena, entry->d_name, n - 5);
		if (name_valid(name))
			strings_add(&e->arena, names, name);
	}
	qsort(names->items, names->count, sizeof(*names->items), compare_names);
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
	const char *created = json_get_string(n->file, "created");

	json_set_string(a, row, "CreatedAt", created ? created : "0001-01-01 00:00:00 +0000 UTC");
	json_set_string(a, row, "Driver", n->driver);
	json_set_string(a, row, "ID", o->no_trunc ? n->id : arena_strndup(a, n->id, 12));
	json_set_string(a, row, "IPv6", "false");
	json_set_string(a, row, "Internal", json_get_bool(n->file, "internal") ? "true" : "false");
	json_set_string(a, row, "Labels", "");
	json_set_string(a, row, "Name", n->name);
	json_set_string(a, row, "Scope", "local");
	return row;
}

static bool match_type(const void *network, const char *value)
{
	return strcmp(((const struct network *)network)->file ? "custom" : "builtin", value) == 0;
}

static bool wanted(const struct filters *f, const struct network *n)
{
	return filters_match(f, "name", filter_name, n->name) &&
		filters_match(f, "driver", filter_equal, n->driver) &&
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

	if (mouth_open_looking(&m, call, err) < 0 || filters_parse(&o->filter, keys, &f, err) < 0)
		return -err->code;
	list_names(e, &names);
	rows = json_new_array(&e->arena);
	for (size_t i = 0; i < names.count; i++) {
		struct network n;

		if (read_network(e, names.items[i], &n, err) < 0)
			return -err->code;
		if (wanted(&f, &n))
			json_append(rows, make_row(e, o, &n));
	}
	if (format_rows(&kind, o->quiet && !o->format ? "{{.ID}}" : o->format, rows, &out, err) < 0)
		return -err->code;
	format_print(&out);
	return 0;
}

#define OPTION(name_, letter_, kind_, member, arg_, help_)                                         \
	{                                                                                          \
		.name = (name_), .letter = (letter_), .kind = (kind_),                             \
		.offset = CLI_FIELD(struct ls_options, member), .arg = (arg_), .help = (help_)     \
	}

static const struct cli_option ls_options[] = {
	OPTION("filter", 'f', CLI_STRINGS, filter, "KEY=VALUE", "only those, driver=bridge"),
	OPTION("format", 0, CLI_STRING, format, "FORMAT", "table, json or a Go template"),
	OPTION("no-trunc", 0, CLI_FLAG, no_trunc, NULL, "nothing shortened"),
	OPTION("quiet", 'q', CLI_FLAG, quiet, NULL, "ids alone"),
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

/* The running containers that are in a network. */
static int add_containers(struct engine *e, const char *network, struct json *to, struct err *err)
{
	struct arena *a = &e->arena;
	struct container_records records;

	if (stored_container_list(e->store, &records, a, err) < 0)
		return -err->code;
	for (size_t i = 0; i < records.count; i++) {
		const struct json *result = network_result(e, records.items[i].id);
		const struct json *interface = json_get(result, "interfaces");
		struct docker_container docker;
		struct container_state state;
		const char *mode;
		struct json *c;

		if (!interface || !interface->first ||
			container_state_read(e, &records.items[i], &state, err) < 0 ||
			!state.monitor || container_docker(&records.items[i], &docker, a, err) < 0)
			continue;
		mode = docker.host_config.network_mode;
		if (strcmp(!mode || strcmp(mode, "default") == 0 ? "bridge" : mode, network) != 0)
			continue;
		c = json_new_object(a);
		json_set_string(a, c, "Name", records.items[i].name);
		json_set_string(a, c, "EndpointID", records.items[i].id);
		json_set_string(a, c, "MacAddress", json_get_string(interface->first, "mac"));
		interface = json_get(interface->first, "addresses");
		json_set_string(a, c, "IPv4Address",
			interface && interface->first ? interface->first->text : "");
		json_set_string(a, c, "IPv6Address", "");
		json_set(a, to, records.items[i].id, c);
	}
	return 0;
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
	json_set_string(a, d, "Name", n.name);
	json_set_string(a, d, "Id", n.id);
	json_set_string(a, d, "Created",
		json_get_string(n.file, "created") ? json_get_string(n.file, "created")
						   : "0001-01-01T00:00:00Z");
	json_set_string(a, d, "Scope", "local");
	json_set_string(a, d, "Driver", n.driver);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		json_set_bool(a, d, flags[i], i == 1 && json_get_bool(n.file, "internal"));
	json_set_string(a, ipam, "Driver", "default");
	json_set(a, ipam, "Options", json_new_null(a));
	if (json_get_string(n.file, "subnet")) {
		struct json *config = json_new_object(a);

		json_set_string(a, config, "Subnet", json_get_string(n.file, "subnet"));
		json_set_string(a, config, "Gateway", json_get_string(n.file, "gateway"));
		json_append(configs, config);
	}
	json_set(a, ipam, "Config", configs);
	json_set(a, d, "IPAM", ipam);
	json_set(a, d, "Containers", containers);
	json_set(a, d, "Options", json_new_object(a));
	json_set(a, d, "Labels", json_new_object(a));
	return d;
}
