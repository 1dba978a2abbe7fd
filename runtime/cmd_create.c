/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>

#include "lib/own.h"
#include "runtime/create.h"
#include "runtime/runtime.h"

struct create_command {
	const char *bundle, *console_socket, *pid_file, *pidfd_socket;
	bool no_pivot, no_new_keyring;
	int64_t preserve_fds;
};

static const struct cli_option options[] = {
	OPT_STRING(struct create_command, bundle, "bundle", 'b', "DIR",
		"the bundle (default the current directory)"),
	OPT_STRING(struct create_command, console_socket, "console-socket", 0, "SOCKET",
		"send the terminal's master over this AF_UNIX socket"),
	OPT_STRING(struct create_command, pid_file, "pid-file", 0, "FILE",
		"write the process id to this file"),
	OPT_STRING(struct create_command, pidfd_socket, "pidfd-socket", 0, "SOCKET",
		"send a pidfd of the process over this AF_UNIX socket"),
	OPT_FLAG(struct create_command, no_pivot, "no-pivot", 0,
		"move the root instead of pivot_root (initramfs)"),
	OPT_FLAG(struct create_command, no_new_keyring, "no-new-keyring", 0,
		"keep the caller's session keyring"),
	OPT_INT(struct create_command, preserve_fds, "preserve-fds", 0, "N",
		"pass on N descriptors from 3 on"),
};

static int run(const struct cli_call *call, struct err *err)
{
	const struct create_command *o = call->options;
	struct create_options create = {
		.id = call->args[0],
		.bundle = o->bundle,
		.console_socket = o->console_socket,
		.pid_file = o->pid_file,
		.pidfd_socket = o->pidfd_socket,
		.preserve_fds = (unsigned)o->preserve_fds,
		.no_pivot = o->no_pivot,
		.no_new_keyring = o->no_new_keyring,
		.wait_for_start = true,
	};
	own_interrupts struct interrupts interrupts = INTERRUPTS_NONE;
	own_birth struct birth c;

	create.interrupts = &interrupts;
	birth_init(&c, &create);
	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (o->preserve_fds < 0 || o->preserve_fds > 1024)
		return err_set(err, E_USAGE, "--preserve-fds must be between 0 and 1024");
	create.root = runtime_root(call);
	if (foreground_block_signals(&interrupts, err) < 0)
		return -err->code;
	return birth_make(&c, err);
}

const struct cli_command runtime_create_command = {
	.name = "create",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Make a container from a bundle; its program waits for start",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct create_command),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
