/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/socket.h"
#include "runtime/create.h"
#include "runtime/runtime.h"
#include "runtime/sync.h"

#define END_WAIT_MS 1000

/* Connect to the waiting process, say a byte, and hear why it fails or, by the end, that it runs.
 */
static int start(struct instance *c, struct err *err)
{
	own_fd int sock = socket_connect(c->dir, INSTANCE_START_SOCK, SOCK_SEQPACKET, err);
	struct err theirs;

	if (sock < 0)
		return err_wrap(err, "cannot start container '%s'", c->record.id);
	if (send(sock, "", 1, MSG_NOSIGNAL) != 1)
		return err_errno(err, "cannot start container '%s'", c->record.id);
	if (sync_receive(sock, NULL, NULL, &theirs) < 0 && theirs.code != E_CHILD) {
		own_fd int pidfd = instance_pidfd(c, err);
		struct pollfd p = {.fd = pidfd, .events = POLLIN};

		/* it has said its last, and is about to end: then the container is stopped */
		if (pidfd >= 0)
			poll(&p, 1, END_WAIT_MS);
		*err = theirs;
		return -err->code;
	}
	unlinkat(c->dir, INSTANCE_START_SOCK, 0);
	return 0;
}

static int run(const struct cli_call *call, struct err *err)
{
	own_instance struct instance c = INSTANCE_INIT;
	struct runtime_config config;
	enum instance_status status;

	if (runtime_begin(call, err) < 0 ||
		instance_open(&c, runtime_root(call), call->args[0], true, err) < 0)
		return -err->code;
	status = instance_status(&c);
	if (status != INSTANCE_CREATED)
		return err_set(err, E_NOT_RUNNING,
			"cannot start container '%s': it is %s, not created", c.record.id,
			instance_status_name(status));
	if (instance_load_config(&c, &config, err) < 0 || start(&c, err) < 0)
		return -err->code;
	return instance_started(&c, &config, false, err);
}

const struct cli_command runtime_start_command = {
	.name = "start",
	.synopsis = "CONTAINER",
	.help = "Execute the program of a created container",
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
