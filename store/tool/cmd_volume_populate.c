/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store volume populate */
#include "store/tool/cmd.h"
#include "store/volume.h"

static int run(const struct cli_call *call, struct err *err)
{
	struct store_session *s = tool_session(call, err);
	int root;

	if (!s || store_session_container(s, call->args[1], 0, err) < 0)
		return -err->code;
	root = store_session_mount(s, err);
	if (root < 0)
		return err_wrap(err, "container %.12s", s->container.id);
	return volume_populate(s->store, call->args[0], root, call->args[2], err);
}

const struct cli_command tool_volume_populate = {
	.name = "volume populate",
	.synopsis = "NAME CONTAINER PATH",
	.help = "Copy what a container has at PATH into a volume that is empty",
	.min_args = 3,
	.max_args = 3,
	.run = run,
	.details = "A volume that is not empty stays as it is; so does one for a PATH that is not "
		   "there or is no directory.",
};
