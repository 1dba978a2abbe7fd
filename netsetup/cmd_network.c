/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup create, rm, ls and inspect: the networks that setup knows. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/lock.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "netsetup/cmd.h"
#include "netsetup/network.h"

#define OPTION(name_, kind_, member, arg_, help_)                                                  \
	{                                                                                          \
		.name = (name_), .kind = (kind_),                                                  \
		.offset = CLI_FIELD(struct create_options, member), .arg = (arg_), .help = (help_) \
	}

const struct cli_option cmd_create_options[CMD_CREATE_OPTIONS] = {
	OPTION("subnet", CLI_STRING, subnet, "CIDR", "addresses, as 10.90.0.0/16"),
	OPTION("gateway", CLI_STRING, gateway, "ADDRESS",
		"the bridge's address (default the first)"),
	OPTION("bridge", CLI_STRING, bridge, "NAME", "the bridge's name (default kistN)"),
	OPTION("mtu", CLI_INT, mtu, "BYTES", "of bridge and interfaces"),
};

static const struct state no_state = STATE_INIT;

static int open_state(const struct cli_call *call, struct state *s, struct err *err)
{
	const struct global_options *global = call->global;

	return state_open(s, global->root, global->run, err);
}

static int check_name(const char *name, struct err *err)
{
	if (!config_name_ok(name))
		return err_set(err, E_USAGE,
			"invalid network name '%.140s': only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
			name);
	if (strcmp(name, "host") == 0 || strcmp(name, "none") == 0)
		return err_set(
			err, E_DENIED, "operation is not permitted on predefined %s network", name);
	return 0;
}

/* ROOT/networks, made when it is missing. */
static int open_networks(const struct state *s, struct err *err)
{
	own_mem char *path = xasprintf("%s/networks", s->place.root);

	return path_make_dirs(path, 0700, err);
}

/* Names of ROOT/networks without ".json", and "default" in any case. */
static void list_names(int networks, struct strv *names)
{
	own_dir DIR *dir = networks < 0 ? NULL : io_open_dir(networks, ".");
	struct dirent *d;

	strv_add(names, NETWORK_DEFAULT);
	while (dir && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);

		if (n <= 5 || strcmp(d->d_name + n - 5, ".json") != 0 || d->d_name[0] == '.')
			continue;
		d->d_name[n - 5] = '\0';
		if (strcmp(d->d_name, NETWORK_DEFAULT) != 0)
			strv_add(names, d->d_name);
	}
}

static bool bridge_is_promised(
	struct arena *a, const struct state *s, int networks, const char *bridge)
{
	own_strv struct strv names = {0};
	struct network other;
	struct err ignored;

	list_names(networks, &names);
	for (size_t i = 0; i < names.count; i++)
		if (network_load(s, a, names.items[i], &other, &ignored) == 0 && other.bridge &&
			strcmp(other.bridge, bridge) == 0)
			return true;
	return false;
}

/* A bridge for a network that is not set up: kist0 is left to "default". */
static int choose_bridge(
	struct arena *a, const struct state *s, int networks, struct network *n, struct err *err)
{
	bool is_default = strcmp(n->name, NETWORK_DEFAULT) == 0;

	for (int i = is_default ? 0 : 1; !n->bridge && i < 1000; i++) {
		n->bridge = arena_printf(a, "kist%d", i);
		if (bridge_is_promised(a, s, networks, n->bridge))
			n->bridge = NULL;
	}
	return n->bridge ? 0 : err_set(err, E_IN_USE, "no free name for a bridge");
}

int cmd_create(const struct cli_call *call, struct err *err)
{
	const struct create_options *opt = call->options;
	own_arena struct arena a = {0};
	own_state struct state s = no_state;
	own_netlink struct netlink route = {.fd = -1};
	own_fd int networks = -1, lock = -1;
	own_buf struct buf text = {0};
	struct network n = {.name = call->args[0],
		.bridge = opt->bridge,
		.subnet_text = opt->subnet,
		.gateway_text = opt->gateway,
		.mtu = opt->mtu};
	char now[IO_TIME_MAX];

	if (check_name(n.name, err) < 0 || open_state(call, &s, err) < 0)
		return -err->code;
	networks = open_networks(&s, err);
	if (networks < 0)
		return networks;
	if (s.root < 0 && (s.root = open(s.place.root, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		return err_errno(err, "cannot open '%s'", s.place.root);
	lock = lock_file(networks, ".lock", 0, err);
	if (lock < 0 || netlink_open(&route, NETLINK_ROUTE, err) < 0 ||
		choose_bridge(&a, &s, networks, &n, err) < 0)
		return -err->code;
	io_time_now(now);
	n.created = now;
	if (network_choose(&s, &a, &route, &n, err) < 0)
		return -err->code;
	json_write(network_document(&a, &n), JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	if (io_publish_file(networks, arena_printf(&a, "%s.json", n.name), text.data, text.len,
		    0600, IO_DURABLE | IO_EXCLUSIVE, err) < 0)
		return err->code == E_EXISTS
			? err_set(err, E_EXISTS, "network with name %s already exists", n.name)
			: -err->code;
	return json_write_line(STDOUT_FILENO, network_document(&a, &n), err);
}

int cmd_rm(const struct cli_call *call, struct err *err)
{
	const char *name = call->args[0];
	own_arena struct arena a = {0};
	own_state struct state s = no_state;
	own_network_lock struct network_lock lock = {-1, -1};
	struct network n;
	int used;

	if (check_name(name, err) < 0 || open_state(call, &s, err) < 0 ||
		network_load(&s, &a, name, &n, err) < 0)
		return -err->code;
	if (!n.bridge)
		return err_set(
			err, E_DENIED, "%s is a pre-defined network and cannot be removed", name);
	if (network_lock(&s, name, &lock, err) < 0)
		return -err->code;
	used = lease_any(&s, &lock, err);
	if (used)
		return used < 0
			? used
			: err_set(err, E_IN_USE,
				  "error while removing network: network %s has active endpoints",
				  name);
	/* bridge and rules of containers that have died */
	if (network_down(&a, &lock, name, err) < 0)
		return -err->code;
	if (unlinkat(s.root, arena_printf(&a, "networks/%s.json", name), 0) < 0)
		return err_errno(err, "cannot remove network %s", name);
	return 0;
}

/* As created or, of "default", as it is set up now; with the addresses in use. */
static struct json *describe(
	struct arena *a, const struct state *s, const char *name, struct err *err)
{
	own_network_lock struct network_lock lock = {-1, -1};
	own_dir DIR *dir = NULL;
	struct json *doc, *endpoints = json_new_object(a);
	struct network n;
	struct dirent *d;
	uint32_t ignored;

	if (network_load(s, a, name, &n, err) < 0 || network_lock(s, name, &lock, err) < 0)
		return NULL;
	if (faccessat(lock.dir, "active.json", F_OK, 0) == 0) {
		doc = json_read_file(a, lock.dir, "active.json", err);
		if (!doc)
			return NULL;
	} else {
		doc = n.bridge ? network_document(a, &n) : json_new_object(a);
		if (!n.bridge)
			json_set_string(a, doc, "name", name);
	}
	dir = io_open_dir(lock.dir, ".");
	while (dir && (d = readdir(dir)))
		if (ip_parse(d->d_name, &ignored) == 0)
			json_set_string(
				a, endpoints, d->d_name, state_owner(a, lock.dir, d->d_name));
	json_set(a, doc, "endpoints", endpoints);
	return doc;
}

int cmd_ls(const struct cli_call *call, struct err *err)
{
	own_state struct state s = no_state;
	own_strv struct strv names = {0};
	own_fd int networks = -1;

	if (open_state(call, &s, err) < 0)
		return -err->code;
	if (s.root >= 0)
		networks = openat(s.root, "networks", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	list_names(networks, &names);
	for (size_t i = 0; i < names.count; i++) {
		own_arena struct arena a = {0};
		struct json *doc = describe(&a, &s, names.items[i], err);

		if (!doc || json_write_line(STDOUT_FILENO, doc, err) < 0)
			return -err->code;
	}
	return 0;
}

int cmd_inspect(const struct cli_call *call, struct err *err)
{
	own_arena struct arena a = {0};
	own_state struct state s = no_state;
	struct json *doc;

	if (check_name(call->args[0], err) < 0 || open_state(call, &s, err) < 0)
		return -err->code;
	doc = describe(&a, &s, call->args[0], err);
	return doc ? json_write_line(STDOUT_FILENO, doc, err) : -err->code;
}
