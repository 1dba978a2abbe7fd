/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup create: a network that setup knows by name from then on. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "netsetup/cmd.h"
#include "netsetup/driver/driver.h"
#include "netsetup/setup.h"

struct create_options {
	const char *driver, *subnet, *gateway, *bridge;
	int64_t mtu;
};

#define CREATE struct create_options

static const struct cli_option options[] = {
	OPT_STRING(CREATE, driver, "driver", 0, "NAME", "bridge, which is the default"),
	OPT_STRING(CREATE, subnet, "subnet", 0, "CIDR", "addresses, as 10.90.0.0/16"),
	OPT_STRING(CREATE, gateway, "gateway", 0, "ADDRESS",
		"the bridge's address (default the first)"),
	OPT_STRING(CREATE, bridge, "bridge", 0, "NAME", "the bridge's name (default kistN)"),
	OPT_INT(CREATE, mtu, "mtu", 0, "BYTES", "of bridge and interfaces"),
};

/* With ROOT/networks locked. */
static int write_definition(struct arena *a, int networks, const struct network *n, struct err *err)
{
	struct json *doc = schema_encode(&network_definition_schema, &n->d, a);
	own_buf struct buf text = {0};

	json_write(doc, JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	if (io_publish_file(networks, arena_printf(a, "%s.json", n->d.name), text.data, text.len,
		    0600, IO_DURABLE | IO_EXCLUSIVE, err) < 0)
		return err->code == E_EXISTS
			? err_set(err, E_EXISTS, "network %s is there already", n->d.name)
			: -err->code;
	return json_write_line(STDOUT_FILENO, doc, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct create_options *opt = call->options;
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	own_host struct host h;
	own_fd int networks = -1, lock = -1;
	char now[IO_TIME_MAX], id[NETWORK_ID_LEN + 1];
	struct network n = {.d = {.name = call->args[0],
				    .id = id,
				    .driver = opt->driver,
				    .bridge = opt->bridge,
				    .subnet = opt->subnet,
				    .gateway = opt->gateway,
				    .mtu = opt->mtu,
				    .created = now}};
	const struct driver *driver = driver_find(opt->driver, err);

	host_init(&h, &s, &a);
	if (!driver || cmd_check_name(n.d.name, err) < 0 ||
		cmd_open_state(call, false, &s, err) < 0)
		return -err->code;
	/* "default" may be given a definition, the others are no networks */
	if (network_is_built_in(n.d.name) && strcmp(n.d.name, NETWORK_DEFAULT) != 0)
		return err_set(err, E_DENIED, "network %s is built in", n.d.name);
	networks = network_open_definitions(&s, err);
	if (networks < 0)
		return networks;
	if (s.root < 0 && (s.root = open(s.place.root, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		return err_errno(err, "cannot open '%s'", s.place.root);
	sweep(&s, SWEEP_ALL);
	lock = lock_file(networks, ".lock", 0, err);
	if (lock < 0)
		return lock;
	if (faccessat(networks, arena_printf(&a, "%s.json", n.d.name), F_OK, 0) == 0)
		return err_set(err, E_EXISTS, "network %s is there already", n.d.name);
	n.d.driver = driver->name;
	io_time_now(now);
	io_random_hex(id, NETWORK_ID_LEN / 2);
	if (driver->create(&h, &n, err) < 0)
		return -err->code;
	return write_definition(&a, networks, &n, err);
}

const struct cli_command netsetup_create_command = {
	.name = "create",
	.synopsis = "[OPTIONS] NAME",
	.help = "create a network",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct create_options),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
