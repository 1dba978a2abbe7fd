/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"

static int freeze(const struct cli_call *call, bool frozen, struct err *err)
{
	struct err ignored;
	own_instance struct instance c = INSTANCE_INIT;
	enum instance_status status;

	if (runtime_begin(call, err) < 0 ||
		instance_open(&c, runtime_root(call), call->args[0], true, err) < 0)
		return -err->code;
	status = instance_status(&c);
	if (frozen ? status != INSTANCE_RUNNING && status != INSTANCE_CREATED
		   : status != INSTANCE_PAUSED)
		return err_set(err, E_NOT_RUNNING, "cannot %s container '%s': it is %s",
			frozen ? "pause" : "resume", c.record.id, instance_status_name(status));
	if (cgroup_freeze(&c.record.cgroups, frozen, err) < 0) {
		/* half frozen is worse than running on */
		if (frozen)
			cgroup_freeze(&c.record.cgroups, false, &ignored);
		return err_wrap(err, "container '%s'", c.record.id);
	}
	return 0;
}

static int run_pause(const struct cli_call *call, struct err *err)
{
	return freeze(call, true, err);
}

static int run_resume(const struct cli_call *call, struct err *err)
{
	return freeze(call, false, err);
}

const struct cli_command runtime_pause_command = {
	.name = "pause",
	.synopsis = "CONTAINER",
	.help = "Freeze all processes of a container",
	.min_args = 1,
	.max_args = 1,
	.run = run_pause,
};

const struct cli_command runtime_resume_command = {
	.name = "resume",
	.synopsis = "CONTAINER",
	.help = "Thaw the processes of a paused container",
	.min_args = 1,
	.max_args = 1,
	.run = run_resume,
};
