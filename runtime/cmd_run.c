/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "lib/own.h"
#include "runtime/console.h"
#include "runtime/create.h"
#include "runtime/foreground.h"
#include "runtime/runtime.h"

struct run_command {
	const char *bundle, *console_socket, *pid_file, *pidfd_socket;
	bool detach, no_pivot, no_new_keyring, keep, no_subreaper;
	int64_t preserve_fds;
};

static const struct cli_option options[] = {
	OPT_STRING(struct run_command, bundle, "bundle", 'b', "DIR",
		"the bundle (default the current directory)"),
	OPT_FLAG(struct run_command, detach, "detach", 'd',
		"return when the container's program runs"),
	OPT_STRING(struct run_command, console_socket, "console-socket", 0, "SOCKET",
		"send the terminal's master over this AF_UNIX socket"),
	OPT_STRING(struct run_command, pid_file, "pid-file", 0, "FILE",
		"write the process id to this file"),
	OPT_STRING(struct run_command, pidfd_socket, "pidfd-socket", 0, "SOCKET",
		"send a pidfd of the process over this AF_UNIX socket"),
	OPT_FLAG(struct run_command, keep, "keep", 0,
		"do not delete the container when it has ended"),
	OPT_FLAG(struct run_command, no_pivot, "no-pivot", 0,
		"move the root instead of pivot_root (initramfs)"),
	OPT_FLAG(struct run_command, no_new_keyring, "no-new-keyring", 0,
		"keep the caller's session keyring"),
	OPT_FLAG(struct run_command, no_subreaper, "no-subreaper", 0,
		"accepted: we never become one"),
	OPT_INT(struct run_command, preserve_fds, "preserve-fds", 0, "N",
		"pass on N descriptors from 3 on"),
};

/* The container has ended, or has never run: nothing of it stays, unless it is to be kept. */
static int finish(struct birth *c, bool keep, int status, struct err *err)
{
	struct err left;

	if (keep)
		return status;
	if (instance_destroy(&c->container, &c->config, &left) < 0) {
		if (status < 0)
			return status; /* the first error is the one to tell */
		*err = left;
		return -err->code;
	}
	return status;
}

static int run_made(struct birth *c, const struct run_command *o, struct err *err)
{
	own_fd int master = -1;
	int status;

	if (c->console >= 0) {
		master = console_receive(c->console, NULL, err);
		if (master < 0) {
			birth_undo(c);
			return -err->code;
		}
		foreground_prepare(master);
	}
	if (birth_go(c, err) < 0) {
		birth_undo(c);
		return -err->code;
	}
	if (instance_started(&c->container, &c->config, o->keep, err) < 0)
		return -err->code;
	if (o->detach)
		return 0;
	status = foreground_follow(c->pid, master, err);
	return finish(c, o->keep, status, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	const struct run_command *o = call->options;
	struct create_options create = {
		.id = call->args[0],
		.bundle = o->bundle,
		.console_socket = o->console_socket,
		.pid_file = o->pid_file,
		.pidfd_socket = o->pidfd_socket,
		.preserve_fds = (unsigned)o->preserve_fds,
		.no_pivot = o->no_pivot,
		.no_new_keyring = o->no_new_keyring,
		.foreground = !o->detach,
	};
	own_interrupts struct interrupts interrupts = INTERRUPTS_NONE;
	own_birth struct birth c;
	int status;

	create.interrupts = &interrupts;
	birth_init(&c, &create);
	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (o->preserve_fds < 0 || o->preserve_fds > 1024)
		return err_set(err, E_USAGE, "--preserve-fds must be between 0 and 1024");
	create.root = runtime_root(call);
	if (foreground_block_signals(&interrupts, err) < 0)
		return -err->code;
	status = birth_make(&c, err) < 0 ? -err->code : run_made(&c, o, err);
	return interrupts.caught ? 128 + interrupts.caught : status;
}

const struct cli_command runtime_run_command = {
	.name = "run",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Make and start a container, wait for its end and delete it",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct run_command),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details =
		"The exit status is the container's, or 128 + n when signal n ended it. A command "
		"that is missing gives 127, one that cannot be executed 126. Signals are passed on.",
};
