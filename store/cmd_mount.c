/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store mount */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "store/container.h"
#include "store/kist_store.h"
#include "store/snapshot.h"

/* Take our place: the command has our descriptors and our process ID. Returns only on failure. */
static int execute(char **argv, struct err *err)
{
	own_mem char *path = NULL;
	int r = 0;

	if (strchr(argv[0], '/'))
		path = xstrdup(argv[0]);
	else
		r = program_find(argv[0], &path, err);
	if (r < 0)
		return err_set(err, E_COMMAND_NOT_FOUND, "%s", err->msg);
	signal(SIGPIPE, SIG_DFL); /* ignored signals stay ignored over execve(2) */
	execv(path, argv);
	return err_set(err, errno == ENOENT ? E_COMMAND_NOT_FOUND : E_COMMAND_NOT_EXECUTABLE,
		"cannot execute '%s': %s", path, strerror(errno));
}

int cmd_mount(const struct cli_call *call, struct err *err)
{
	const struct mount_options *o = call->options;
	own_store struct store *store = NULL;
	own_container struct container c = CONTAINER_INIT;
	own_fd int mount = -1;
	int r = call->nargs > 2 ? snapshot_enter_private(err) : 0;

	if (r == 0)
		r = open_store(call, &store, err);
	if (r == 0)
		r = container_find(store, call->args[0], 0, &c, err);
	if (r < 0)
		return r;
	mount = snapshot_mount(store, c.dir, o->read_only ? SNAPSHOT_READ_ONLY : 0, err);
	r = mount < 0 ? mount : snapshot_attach(mount, call->args[1], err);
	if (r < 0)
		return err_wrap(err, "container %.12s", c.id);
	return call->nargs > 2 ? execute(call->args + 2, err) : 0;
}
