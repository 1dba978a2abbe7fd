/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/starting.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "engine/verb/network.h"
#include "engine/verb/subject.h"
#include "lib/detach_keys.h"
#include "lib/own.h"
#include "spec/ready_line.h"

#define READY_FD 3 /* of the monitor; in its words, too */

int starting_check_terminal(
	const struct docker_container *docker, const struct stay *stay, struct err *err)
{
	if (docker->config.tty && stay->use_stdin && !stay->terminal)
		return err_set(err, EINVAL, "the input device is not a TTY");
	return 0;
}

/*
 * {"pid":N}, or why it could not be started; a monitor that died before it said either. The line
 * alone: what follows it is for who stays.
 */
static int read_ready(int fd, struct err *err)
{
	own_buf struct buf line = {0};
	int64_t pid;
	ssize_t n;
	char c;

	while (line.len < JSON_LINE_MAX && (n = read(fd, &c, 1)) != 0) {
		if (n < 0 && errno != EINTR)
			return err_errno(err, "cannot read the monitor's answer");
		if (n < 0)
			continue;
		buf_addc(&line, c);
		if (c == '\n')
			break;
	}
	return ready_line_read(buf_str(&line), line.len, &pid, err);
}

/* Bit N: the monitor's descriptor N is /dev/null. */
static unsigned closed_streams(const struct starting *s)
{
	const struct stay *stay = s->stay;
	unsigned closed = 0;

	if (!stay)
		return 7;
	if (!stay->use_stdin && !(s->docker->config.tty && stay->terminal))
		closed |= 1;
	if (!stay->use_stdout)
		closed |= 2;
	if (!stay->use_stderr)
		closed |= 4;
	return closed;
}

/*
 * Start the monitor where the root is mounted, and wait until it says that the container runs.
 * *left gets the pipe at which it may say more.
 */
static int spawn_monitor(struct starting *s, struct tool_mount *place, const struct tool_io *io,
	const char *const argv[], struct child *child, int *left, struct err *err)
{
	struct spawn sp = {
		.argv = argv, .flags = SPAWN_SETSID, .setup = tool_mount_enter, .setup_arg = place};
	const int streams[] = {io->in, io->out, io->notice};
	unsigned closed = closed_streams(s);
	own_fd int said = -1;
	int ends[2], r;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	*left = ends[0];
	said = ends[1];
	spawn_pass(&sp, said, READY_FD);
	for (int fd = 0; fd < 3; fd++) {
		if ((closed & (1u << fd)) && !(fd == 2 && !s->stay))
			spawn_pass(&sp, -1, fd);
		else if (streams[fd] != fd)
			spawn_pass(&sp, streams[fd], fd);
	}
	r = spawn_start(&sp, child, err);
	if (r < 0)
		return r;
	place->attached = true;
	close(give_fd(said));
	return read_ready(*left, err);
}

int starting_command(struct starting *s, struct tool_mount *place, const struct tool_io *io,
	const char *const argv[], struct err *err)
{
	struct stay *stay = s->stay;
	struct child child = {.pid = -1};
	own_fd int left = -1;
	int r, status;

	if (stay)
		stay->begin(stay, s->docker->config.tty);
	r = spawn_monitor(s, place, io, argv, &child, &left, err);
	/* from here on the exit command may take the container's lock */
	stored_container_unlock(&s->engine->session.container);
	if (r < 0 && child.pid > 0) {
		struct err ignored;

		child_wait(&child, &status, &ignored);
	}
	if (!stay)
		return r;
	if (r == 0)
		r = stay->wait(stay, &child, left, err);
	stay->end(stay);
	return r;
}

static void plan_monitor(struct starting *s)
{
	struct plan *p = &s->engine->plan;
	const char *dir = engine_root_path(s->engine, "containers/%s", s->id);
	const char *run = engine_run_path(s->engine, "containers/%s", s->id);
	const char *bundle = arena_printf(&p->arena, "%s/bundle", dir);
	struct step *monitor = plan_program(p, "kist-store", "mount", s->id,
		arena_printf(&p->arena, "%s/rootfs", bundle), "--", "kist-monitor", "--id", s->id,
		"--bundle", bundle, "--runtime-root", engine_run_path(s->engine, "runtime"),
		"--run-dir", run, "--log", arena_printf(&p->arena, "%s/log.json", dir),
		"--exit-file", arena_printf(&p->arena, "%s/exit.json", dir), "--ready-fd", "3",
		NULL);

	if (strcmp(s->docker->host_config.runtime, "kist-runtime") != 0)
		step_add2(p, monitor, "--runtime", s->docker->host_config.runtime);
	if (s->docker->config.tty)
		step_add(p, monitor, "--terminal");
	if (s->docker->config.open_stdin)
		step_add(p, monitor, "--interactive");
	if (!s->stay)
		step_add(p, monitor, "--detach");
	else if (s->docker->config.tty && s->stay->use_stdin)
		step_add2(p, monitor, "--detach-keys",
			s->stay->detach_keys ? s->stay->detach_keys : DETACH_KEYS_DEFAULT);
	step_add2(p, monitor, "--exit-command", "kist");
	step_add2(p, monitor, "--exit-arg", "container-exited");
	step_add2(p, monitor, "--exit-arg", s->id);
	monitor->flags = STEP_READY | (s->stay ? STEP_LAST : 0);
	if (s->stay && s->docker->config.tty && s->stay->use_stdin && s->stay->terminal)
		monitor->flags |= STEP_TERMINAL;
	monitor->closed = closed_streams(s);
	/* detached, its warnings go to a file beside its lock */
	if (!s->stay)
		monitor->error_file = arena_printf(&p->arena, "%s/monitor.log", run);
}

void container_plan_start(struct starting *s)
{
	struct engine *e = s->engine;

	e->starting = s;
	/* a start that failed because a monitor is there leaves that one alone */
	plan_program(&e->plan, "kist-store", "forget-run", s->id, NULL)->flags = STEP_MAY_FAIL;
	plan_make_undo(&e->plan);
	/* and its own has to have gone before */
	plan_program(&e->plan, "kist-store", "wait", "--timeout", "10", s->id, NULL)->flags =
		STEP_QUIET | STEP_MAY_FAIL;
	plan_make_undo(&e->plan);
	plan_directory(&e->plan, engine_run_path(e, "containers/%s", s->id), 0700);
	plan_remove(&e->plan, engine_root_path(e, "containers/%s/exit.json", s->id));
	plan_remove(&e->plan, engine_run_path(e, "containers/%s/paused", s->id));
	network_plan_setup(e, s->id, s->docker);
	plan_monitor(s);
}
