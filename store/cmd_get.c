/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store get */
#include <unistd.h>

#include "store/blob.h"
#include "store/kist_store.h"

int cmd_get(const struct cli_call *call, struct err *err)
{
	own_store struct store *store = NULL;
	struct digest digest;
	int r = digest_parse(call->args[0], &digest, err);

	if (r < 0)
		return err_set(err, E_USAGE, "%s", err->msg);
	r = open_store(call, &store, err);
	return r < 0 ? r : blob_copy_out(store, &digest, STDOUT_FILENO, err);
}
