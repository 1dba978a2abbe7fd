/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store get */
#include "store/blob.h"
#include "store/tool/cmd.h"

static int run(const struct cli_call *call, struct err *err)
{
	const struct store_session *s;
	struct digest digest;

	if (digest_parse(call->args[0], &digest, err) < 0)
		return err_set(err, E_USAGE, "%s", err->msg);
	s = tool_session(call, err);
	return s ? blob_copy_out(s->store, &digest, tool_io(call)->out, err) : -err->code;
}

const struct cli_command tool_get = {
	.name = "get",
	.synopsis = "DIGEST",
	.help = "Write a blob to standard output and verify it on the way",
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details = "The exit status is 0 exactly when the bytes had their digest.",
};
