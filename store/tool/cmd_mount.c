/* SPDX-License-Identifier: Apache-2.0 */
/* kist-store mount */
#include <errno.h>

#include "lib/own.h"
#include "lib/spawn.h"
#include "lib/userns.h"
#include "store/snapshot.h"
#include "store/tool/cmd.h"

struct mount_options {
	bool read_only;
};

static const struct cli_option options[] = {
	OPT_FLAG(struct mount_options, read_only, "read-only", 0,
		"the image's layers alone, without the writable directory"),
};

/* Take our place: the command has our descriptors and our process ID. Returns only on failure. */
static int execute(char **argv, struct err *err)
{
	const struct spawn sp = {.argv = (const char *const *)argv, .flags = SPAWN_INHERIT};
	int r = spawn_become(&sp, err);

	return err_set(
		err, r == -ENOENT ? E_COMMAND_NOT_FOUND : E_COMMAND_NOT_EXECUTABLE, "%s", err->msg);
}

/* In a process that goes on: the command is its matter. */
static int hand_over(
	const struct cli_call *call, struct store_session *s, int mount, struct err *err)
{
	struct tool_mount place = {.mount = mount, .dir = call->args[1]};
	int r = s->command(
		s->command_arg, &place, tool_io(call), (const char *const *)call->args + 2, err);

	if (place.attached && mount == s->mount)
		store_session_drop_mount(s);
	return r;
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct mount_options *o = call->options;
	struct store_session *s = tool_closed_session(call);
	bool takes_place = call->nargs > 2 && !s->command;
	own_fd int layers = -1;
	int mount, r = 0;

	if (tool_enter(call, err) < 0)
		return -err->code;
	if (userns_rootless() && call->nargs == 2)
		return err_set(err, E_DENIED,
			"without root nobody but kist-store would see the mount: give a COMMAND "
			"that is to see it");
	/* before the store is opened: overlayfs takes no directory of another mount namespace */
	if (takes_place)
		r = snapshot_enter_private(err);
	if (r < 0 || !tool_session(call, err) ||
		store_session_container(s, call->args[0], 0, err) < 0)
		return -err->code;
	if (o->read_only)
		mount = layers = snapshot_mount(
			s->store, s->container.dir, SNAPSHOT_READ_ONLY, err);
	else
		mount = store_session_mount(s, err);
	if (mount >= 0 && call->nargs > 2 && !takes_place)
		return hand_over(call, s, mount, err);
	r = mount < 0 ? mount : snapshot_attach(mount, call->args[1], err);
	if (r < 0)
		return err_wrap(err, "container %.12s", s->container.id);
	store_session_drop_mount(s); /* it is attached: nobody can attach it again */
	return takes_place ? execute(call->args + 2, err) : 0;
}

const struct cli_command tool_mount = {
	.name = "mount",
	.synopsis = "[OPTIONS] ID DIR [-- COMMAND [ARG...]]",
	.help = "Mount a container's root file system on a directory",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct mount_options),
	.min_args = 2,
	.max_args = -1,
	.run = run,
	.details = "With COMMAND, the mount is made in a mount namespace of its own, in which "
		   "COMMAND then takes the place of kist-store: nothing stays mounted when it "
		   "ends.",
};
