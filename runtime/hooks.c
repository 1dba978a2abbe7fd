/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/hooks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/log.h"
#include "lib/own.h"
#include "lib/spawn.h"

/* The document as a file, so that a hook that does not read it cannot block us. */
static int state_file(const struct json *state, struct err *err)
{
	own_buf struct buf text = {0};

	json_write(state, JSON_COMPACT, &text);
	return io_memory_file("state", text.data, text.len, err);
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

static int enter_scene(void *arg, struct err *err)
{
	const struct hook_scene *scene = arg;

	/* a bundle that is gone, or closed to the mapped root, keeps no hook from running */
	if (scene->cwd >= 0 && fchdir(scene->cwd) < 0 && errno != EACCES && errno != ENOENT)
		return err_errno(err, "cannot enter the bundle");
	return scene->confine ? scene->confine(scene->confine_arg, err) : 0;
}

static int run_one(const struct hook *h, const struct hook_scene *scene, const struct json *state,
	struct err *err)
{
	const char *argv[] = {h->path, NULL};
	struct spawn sp = {.path = h->path,
		.argv = h->args.count ? h->args.items : argv,
		.envp = h->env.count ? h->env.items : scene->env,
		.setup = enter_scene,
		.setup_arg = (void *)scene};
	own_fd int in = state_file(state, err);
	struct child child;
	int status;

	if (in < 0)
		return in;
	log_debug("%s: hook '%s'", scene->what, h->path);
	spawn_pass(&sp, in, 0);
	if (spawn_start(&sp, &child, err) < 0)
		return -err->code;
	if (wait_in_time(&child, h, err) < 0 || child_wait(&child, &status, err) < 0)
		return -err->code;
	/* not E_CHILD: that is what the closed socket of an executed program looks like */
	if (status)
		return err_set(err, ECANCELED, "hook '%s' failed with status %d", h->path, status);
	return 0;
}

int hooks_run(const struct hook_list *list, const struct hook_scene *scene,
	const struct json *state, struct err *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (run_one(&list->items[i], scene, state, err) < 0)
			return err_wrap(err, "%s", scene->what);
	return 0;
}

int hooks_run_in_bundle(const struct hook_list *list, const char *what, const char *bundle,
	const struct json *state, struct err *err)
{
	own_fd int cwd = -1;
	struct hook_scene scene = {.what = what, .cwd = -1};

	if (!list->count)
		return 0;
	scene.cwd = cwd = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return hooks_run(list, &scene, state, err);
}
