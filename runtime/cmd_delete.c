/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/own.h"
#include "runtime/create.h"
#include "runtime/runtime.h"

struct delete_command {
	bool force;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct delete_command, force, "force", 'f',
		"kill what runs; a container that does not exist is no error"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct delete_command *o = call->options;
	own_instance struct instance c = INSTANCE_INIT;
	struct runtime_config config, *known = &config;
	enum instance_status status;

	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (instance_open(&c, runtime_root(call), call->args[0], true, err) < 0)
		return err->code == E_NOT_FOUND && o->force ? 0 : -err->code;
	status = instance_status(&c);
	if (!o->force && status != INSTANCE_STOPPED && status != INSTANCE_CREATING)
		return err_set(err, E_IN_USE,
			"cannot delete container '%s' that is not stopped: %s", c.record.id,
			instance_status_name(status));
	if (instance_end(&c, err) < 0)
		return -err->code;
	/* its creator may have died before the configuration was written */
	if (instance_load_config(&c, &config, err) < 0) {
		if (!o->force)
			return -err->code;
		known = NULL;
	}
	return instance_destroy(&c, known, err);
}

const struct cli_command runtime_delete_command = {
	.name = "delete",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Delete a stopped container and all that is held for it",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct delete_command),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
