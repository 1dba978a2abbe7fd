/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/hooks.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"

/* The document as a file, so that a hook that does not read it cannot block us. */
static int state_file(const struct json *state, struct err *err)
{
	own_fd int fd = memfd_create("state", MFD_CLOEXEC);
	own_buf struct buf text = {0};
	int r;

	json_write(state, JSON_COMPACT, &text);
	if (fd < 0)
		return err_errno(err, "cannot hold the state for a hook");
	r = io_write_full(fd, text.data, text.len);
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_set(err, r < 0 ? -r : EIO, "cannot hold the state for a hook");
	return give_fd(fd);
}

/* Wait as long as the hook may take, then kill it. Returns 0 or E_TIMEOUT. */
static int wait_in_time(struct child *child, const struct hook *h, struct err *err)
{
	struct err ignored;
	struct pollfd p = {.events = POLLIN};
	own_fd int fd = -1;
	int n, status;

	if (!h->timeout)
		return 0;
	p.fd = fd = pidfd_open(child->pid, 0);
	if (fd < 0)
		return err_errno(err, "cannot watch hook '%s'", h->path);
	do {
		n = poll(&p, 1, *h->timeout > 2000000 ? -1 : (int)*h->timeout * 1000);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		return 0;
	kill(child->pid, SIGKILL);
	child_wait(child, &status, &ignored);
	return err_set(err, E_TIMEOUT, "hook '%s' took longer than its timeout of %lld s", h->path,
		(long long)*h->timeout);
}

static int run_one(const struct hook *h, const struct json *state, struct err *err)
{
	static const char *const no_environment[] = {NULL};
	const char *argv[] = {h->path, NULL};
	struct spawn sp = {.path = h->path,
		.argv = h->args.count ? h->args.items : argv,
		.envp = h->env.count ? h->env.items : no_environment};
	own_fd int in = state_file(state, err);
	struct child child;
	int status;

	if (in < 0)
		return in;
	spawn_pass(&sp, in, 0);
	if (spawn_start(&sp, &child, err) < 0)
		return -err->code;
	if (wait_in_time(&child, h, err) < 0 || child_wait(&child, &status, err) < 0)
		return -err->code;
	if (status)
		return err_set(err, E_CHILD, "hook '%s' failed with status %d", h->path, status);
	return 0;
}

int hooks_run(
	const struct hook_list *list, const char *what, const struct json *state, struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (run_one(&list->items[i], state, err) < 0)
			return err_wrap(err, "%s", what);
	return 0;
}
