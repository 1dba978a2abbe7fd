/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "lib/log.h"
#include "lib/own.h"
#include "runtime/console.h"
#include "runtime/create.h"
#include "runtime/foreground.h"
#include "runtime/hooks.h"
#include "runtime/runtime.h"

struct run_command {
	const char *bundle, *console_socket, *pid_file;
	bool detach, no_pivot, no_new_keyring, keep, no_subreaper;
	int64_t preserve_fds;
};

#define OPTION(name, letter, kind, member, arg, help)                                              \
	{                                                                                          \
		(name), (letter), (kind), CLI_FIELD(struct run_command, member), (arg), (help), 0, \
			NULL                                                                       \
	}

static const struct cli_option options[] = {
	OPTION("bundle", 'b', CLI_STRING, bundle, "DIR",
		"the bundle (default the current directory)"),
	OPTION("detach", 'd', CLI_FLAG, detach, NULL, "return when the container's program runs"),
	OPTION("console-socket", 0, CLI_STRING, console_socket, "SOCKET",
		"send the terminal's master over this AF_UNIX socket"),
	OPTION("pid-file", 0, CLI_STRING, pid_file, "FILE", "write the process id to this file"),
	OPTION("keep", 0, CLI_FLAG, keep, NULL, "do not delete the container when it has ended"),
	OPTION("no-pivot", 0, CLI_FLAG, no_pivot, NULL,
		"move the root instead of pivot_root (initramfs)"),
	OPTION("no-new-keyring", 0, CLI_FLAG, no_new_keyring, NULL,
		"keep the caller's session keyring"),
	OPTION("no-subreaper", 0, CLI_FLAG, no_subreaper, NULL, "accepted: we never become one"),
	OPTION("preserve-fds", 0, CLI_INT, preserve_fds, "N", "pass on N descriptors from 3 on"),
};

/* The container has ended, or has never run: nothing of it stays, unless it is to be kept. */
static int finish(struct creation *c, bool keep, int status, struct err *err)
{
	struct err left;

	if (keep)
		return status;
	if (container_destroy(&c->container, &c->config, &left) < 0) {
		if (status < 0)
			return status; /* the first error is the one to tell */
		*err = left;
		return -err->code;
	}
	return status;
}

static int run_made(struct creation *c, const struct run_command *o, struct err *err)
{
	const struct hook_list *poststart = &c->config.hooks.poststart;
	own_fd int master = -1;
	int status;

	if (c->console >= 0) {
		master = console_receive(c->console, NULL, err);
		if (master < 0) {
			creation_undo(c);
			return -err->code;
		}
	}
	if (creation_go(c, err) < 0) {
		creation_undo(c);
		return -err->code;
	}
	if (poststart->count &&
		hooks_run(poststart, "poststart",
			container_state(&c->container, CONTAINER_RUNNING, false), err) < 0)
		log_warn("%s", err->msg); /* runtime.md: logged, and the lifecycle goes on */
	if (o->detach)
		return 0;
	status = foreground_wait(c->pid, master, err);
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
		.preserve_fds = (unsigned)o->preserve_fds,
		.no_pivot = o->no_pivot,
		.no_new_keyring = o->no_new_keyring,
		.foreground = !o->detach,
	};
	own_interrupts struct interrupts interrupts = INTERRUPTS_NONE;
	own_creation struct creation c;
	int status;

	create.interrupts = &interrupts;
	creation_init(&c, &create);
	if (runtime_begin(call, err) < 0)
		return -err->code;
	if (o->preserve_fds < 0 || o->preserve_fds > 1024)
		return err_set(err, E_USAGE, "--preserve-fds must be between 0 and 1024");
	create.root = runtime_root(call);
	if (foreground_block_signals(&interrupts, err) < 0)
		return -err->code;
	status = creation_make(&c, err) < 0 ? -err->code : run_made(&c, o, err);
	return interrupts.caught ? 128 + interrupts.caught : status;
}

const struct cli_command cmd_run = {
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
