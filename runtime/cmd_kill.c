/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <sys/pidfd.h>

#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"
#include "runtime/signals.h"

struct kill_command {
	bool all;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct kill_command, all, "all", 'a', "to all processes of the container"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct kill_command *o = call->options;
	own_instance struct instance c = INSTANCE_INIT;
	const char *name = call->nargs > 1 ? call->args[1] : "TERM";
	int number = signal_number(name);
	own_fd int pidfd = -1;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (number < 0)
		return err_set(err, E_USAGE, "unknown signal \"%s\"", name);
	if (instance_open(&c, runtime_root(call), call->args[0], false, err) < 0)
		return -err->code;
	if (o->all)
		return cgroup_signal(&c.record.cgroups, number, err);
	pidfd = instance_pidfd(&c, err);
	if (pidfd < 0)
		return -err->code;
	if (pidfd_send_signal(pidfd, number, NULL, 0) < 0)
		return err_errno(
			err, "cannot send signal %d to container '%s'", number, c.record.id);
	return 0;
}

const struct cli_command cmd_kill = {
	.name = "kill",
	.synopsis = "[OPTIONS] CONTAINER [SIGNAL]",
	.help = "Send a signal (default SIGTERM) to a container's first process",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct kill_command),
	.min_args = 1,
	.max_args = 2,
	.run = run,
};
