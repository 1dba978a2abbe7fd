/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store rm */
#include "store/container.h"
#include "store/kist_store.h"

int cmd_rm(const struct cli_call *call, struct err *err)
{
	own_store struct store *store = NULL;
	own_container struct container c = CONTAINER_INIT;
	int r = open_store(call, &store, err);

	if (r == 0)
		r = container_find(store, call->args[0], CONTAINER_LOCK | CONTAINER_TRY, &c, err);
	if (r < 0)
		return r;
	if (container_running(store, c.id))
		return err_set(err, E_IN_USE, "container %s is running: stop it first", c.id);
	return container_remove(store, &c, err);
}
