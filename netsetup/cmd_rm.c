/* SPDX-License-Identifier: Apache-2.0 */
/* kist-netsetup rm: a network that no container is in. */
#include <errno.h>
#include <unistd.h>

#include "lib/own.h"
#include "netsetup/cmd.h"
#include "netsetup/driver/driver.h"
#include "netsetup/setup.h"

static int run(const struct cli_call *call, struct err *err)
{
	const char *name = call->args[0];
	own_arena struct arena a = {0};
	own_state struct state s = STATE_INIT;
	own_network_lock struct network_lock lock = NETWORK_UNLOCKED;
	own_host struct host h;
	const char *file = arena_printf(&a, "networks/%s.json", name);
	int used;

	host_init(&h, &s, &a);
	if (cmd_check_name(name, err) < 0 || cmd_open_state(call, false, &s, err) < 0)
		return -err->code;
	/* a definition that cannot be read is removed like any other; "default" may have one */
	if (s.root < 0 || faccessat(s.root, file, F_OK, 0) < 0)
		return network_is_built_in(name)
			? err_set(err, E_DENIED, "network %s is built in and cannot be removed",
				  name)
			: err_set(err, E_NOT_FOUND, "network %s not found", name);
	sweep(&s, SWEEP_ALL);
	if (network_lock(&s, name, &lock, err) < 0)
		return -err->code;
	used = lease_any(&lock, err);
	if (used)
		return used < 0 ? used
				: err_set(err, E_IN_USE, "containers are in network %s", name);
	/* bridge and rules of containers that have died */
	if (driver_network_down(&h, &lock, name, NULL, err) < 0)
		return -err->code;
	if (unlinkat(s.root, file, 0) < 0)
		return err_errno(err, "cannot remove network %s", name);
	return 0;
}

const struct cli_command netsetup_rm_command = {
	.name = "rm",
	.synopsis = "NAME",
	.help = "remove a network that no container is in",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
