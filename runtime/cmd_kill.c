/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <sys/pidfd.h>

#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"
#include "runtime/signals.h"

/*
 * Where the first process has no pid namespace of its own its end is not the others': what is
 * killed then is the container, also when only the others are left.
 */
static int kills_all(struct instance *c, int number, struct err *err)
{
	struct runtime_config config;
	const struct namespace_config *pid;

	if (number != SIGKILL)
		return 0;
	if (instance_load_config(c, &config, err) < 0)
		return -err->code;
	pid = linux_config_namespace(config.linux_, "pid");
	return !pid || (pid->path && *pid->path);
}

static int kill_first(const struct instance *c, int number, struct err *err)
{
	own_fd int pidfd = instance_pidfd(c, err);

	if (pidfd < 0)
		return -err->code;
	if (pidfd_send_signal(pidfd, number, NULL, 0) < 0)
		return err_errno(
			err, "cannot send signal %d to container '%s'", number, c->record.id);
	return 0;
}

static int kill_all(const struct instance *c, struct err *err)
{
	own_mem pid_t *pids = NULL;
	size_t count;

	if (cgroup_pids(&c->record.cgroups, &pids, &count, err) < 0)
		return -err->code;
	/* without cgroups the first process is all that is known */
	return count ? cgroup_signal(&c->record.cgroups, SIGKILL, err)
		     : kill_first(c, SIGKILL, err);
}

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
	int all;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (number < 0)
		return err_set(err, E_USAGE, "unknown signal \"%s\"", name);
	if (instance_open(&c, runtime_root(call), call->args[0], false, err) < 0)
		return -err->code;
	if (o->all)
		return cgroup_signal(&c.record.cgroups, number, err);
	all = kills_all(&c, number, err);
	if (all < 0)
		return all;
	if ((all ? kill_all(&c, err) : kill_first(&c, number, err)) < 0)
		return -err->code;
	/* in version 1 what is frozen does not end by it */
	if (number == SIGKILL)
		cgroup_thaw_all(&c.record.cgroups);
	return 0;
}

const struct cli_command runtime_kill_command = {
	.name = "kill",
	.synopsis = "[OPTIONS] CONTAINER [SIGNAL]",
	.help = "Send a signal (default SIGTERM) to a container's first process",
	.details = "Without a pid namespace of the container's own KILL goes to all its processes.",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct kill_command),
	.min_args = 1,
	.max_args = 2,
	.run = run,
};
