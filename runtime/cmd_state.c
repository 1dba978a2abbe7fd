/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/io.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"

static int run(const struct cli_call *call, struct err *err)
{
	own_instance struct instance c = INSTANCE_INIT;
	own_buf struct buf text = {0};
	int r;

	if (runtime_begin(call, err) < 0 ||
		instance_open(&c, runtime_root(call), call->args[0], false, err) < 0)
		return -err->code;
	json_write(instance_state(&c, instance_status(&c), true), JSON_PRETTY, &text);
	buf_addc(&text, '\n');
	r = io_write_full(1, text.data, text.len);
	return r < 0 ? err_set(err, -r, "cannot write the state") : 0;
}

const struct cli_command runtime_state_command = {
	.name = "state",
	.synopsis = "CONTAINER",
	.help = "Print the state of a container as JSON",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
