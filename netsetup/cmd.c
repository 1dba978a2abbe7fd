/* SPDX-License-Identifier: Apache-2.0 */
#include "netsetup/cmd.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json.h"
#include "lib/own.h"
#include "lib/userns.h"
#include "netsetup/config.h"

int cmd_open_state(const struct cli_call *call, bool change, struct state *s, struct err *err)
{
	const struct global_options *global = call->global;

	if (change && userns_rootless())
		return err_set(err, E_DENIED,
			"networks and published ports need root: run as root, or with --network host or "
			"none");
	/* others read hosts and resolv.conf, whatever our caller's umask is */
	umask(022);
	return state_open(s, global->root, global->run, err);
}

int cmd_read_wish(struct arena *a, bool all, struct network_wish *wish, struct err *err)
{
	own_buf struct buf text = {0};

	if (io_read_fd(STDIN_FILENO, JSON_LINE_MAX, "the network wish on stdin", &text, err) < 0)
		return -err->code;
	return (all ? config_parse : config_parse_id)(a, buf_str(&text), text.len, wish, err);
}

int cmd_check_name(const char *name, struct err *err)
{
	if (!network_name_valid(name))
		return err_set(err, E_USAGE,
			"invalid network name '%.140s': only [a-zA-Z0-9][a-zA-Z0-9_.-]* is allowed",
			name);
	return 0;
}

int cmd_describe(struct arena *a, const struct state *s, const char *name,
	struct network_definition *d, struct err *err)
{
	own_network_lock struct network_lock lock = NETWORK_UNLOCKED;
	struct network n;
	int active = 0;

	/* what nobody has joined yet has no directory, and looking makes none */
	lock.dir = openat(s->networks, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock.dir >= 0)
		active = network_read_active(a, &lock, &n, err);
	if (active < 0)
		return err_wrap(err, "network %s: '%s/networks/%s/'", name, s->place.run, name);
	if (!active && network_load(s, a, name, &n, err) < 0)
		return -err->code;
	*d = n.d;
	d->name = name;
	return lock.dir >= 0 ? lease_list(a, &lock, d, err) : 0;
}
