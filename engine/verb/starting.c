/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/starting.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/verb/network.h"
#include "engine/verb/subject.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/spawn.h"
#include "spec/ready_line.h"
#include "store/snapshot.h"

#define READY_FD     3
#define PREFIX_WORDS 5 /* kist-store mount ID DIR -- */

int starting_check_terminal(
	const struct docker_container *docker, const struct stay *stay, struct err *err)
{
	if (docker->config.tty && stay->use_stdin && !stay->terminal)
		return err_set(err, EINVAL, "the input device is not a TTY");
	return 0;
}

/* In the child: the root file system is mounted where only the monitor and its children see it. */
struct private_mount {
	int mount;
	const char *rootfs;
};

static int enter_private(void *arg, struct err *err)
{
	const struct private_mount *p = arg;
	int r = snapshot_enter_private(err);

	return r < 0 ? r : snapshot_attach(p->mount, p->rootfs, err);
}

/* {"pid":N}, or why it could not be started; a monitor that died before it said either. */
static int read_ready(int fd, struct err *err)
{
	own_buf struct buf line = {0};
	int64_t pid;

	if (io_read_fd(fd, JSON_LINE_MAX, "the monitor's answer", &line, err) < 0)
		return -err->code;
	return ready_line_read(buf_str(&line), line.len, &pid, err);
}

/* What the monitor has as its own streams. Detached, its warnings go to a file beside its lock. */
static void pass_streams(const struct starting *s, struct spawn *sp, int log)
{
	const struct stay *stay = s->stay;
	const int *streams = s->engine->plan.streams;
	const bool wanted[] = {
		stay && (stay->use_stdin || (s->docker->config.tty && stay->terminal)),
		stay && stay->use_stdout, stay && stay->use_stderr};

	for (int fd = 0; fd < 3; fd++) {
		if (!wanted[fd])
			spawn_pass(sp, fd == 2 && !stay ? log : -1, fd);
		else if (streams)
			spawn_pass(sp, streams[fd], fd);
	}
}

static int open_log(const struct starting *s, struct err *err)
{
	const char *path = engine_run_path(s->engine, "containers/%s/monitor.log", s->id);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	return fd < 0 ? err_errno(err, "cannot write '%s'", path) : fd;
}

static int mount_root(struct starting *s, struct err *err)
{
	if (*s->mount < 0)
		*s->mount = snapshot_mount(s->engine->store, s->container->dir, 0, err);
	return *s->mount;
}

/* Start the monitor with the words of its step, and wait until it says that the container runs. */
static int spawn_monitor(
	struct starting *s, const struct strings *words, struct child *child, struct err *err)
{
	own_strv struct strv argv = {0};
	struct private_mount place = {mount_root(s, err), words->items[PREFIX_WORDS - 2]};
	struct spawn sp = {.flags = SPAWN_SETSID, .setup = enter_private, .setup_arg = &place};
	own_fd int log = -1, ready = -1, said = -1;
	int ends[2], r;

	if (place.mount < 0)
		return place.mount;
	if (!s->stay) {
		log = open_log(s, err);
		if (log < 0)
			return log;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	ready = ends[0];
	said = ends[1];
	strv_add_all(&argv, words->items + PREFIX_WORDS, words->count - PREFIX_WORDS);
	if (s->stay)
		strv_add_many(&argv, "--ready-fd", "3", NULL);
	sp.argv = (const char *const *)argv.items;
	spawn_pass(&sp, said, READY_FD);
	pass_streams(s, &sp, log);
	r = spawn_start(&sp, child, err);
	own_fd_release(s->mount);
	*s->mount = -1;
	if (r < 0)
		return r;
	close(give_fd(said));
	return read_ready(ready, err);
}

/* The words of the monitor's step, kept for its call. */
struct monitor_step {
	struct starting *start;
	const struct step *step;
};

/* As a program in a pipe is ended when its reader goes; it would fill the log for ever otherwise.
 */
static void end_unread(void *arg)
{
	const struct starting *s = arg;
	const char *const argv[] = {s->docker->host_config.runtime, "--root",
		engine_run_path(s->engine, "runtime"), "kill", s->id, "KILL", NULL};
	struct spawn sp = {.argv = argv};
	struct err err;

	sink_notice(s->sink, "kist: nobody reads the container's output any more: it is ended");
	if (spawn_run(&sp, &err) < 0)
		sink_notice(s->sink, "kist: %s", err.msg);
}

static int start_monitor(void *arg, struct err *err)
{
	const struct monitor_step *m = arg;
	struct starting *s = m->start;
	struct stay *stay = s->stay;
	struct child child = {.pid = -1};
	int r, status;

	if (stay)
		stay->begin(stay, s->docker->config.tty);
	r = spawn_monitor(s, &m->step->argv, &child, err);
	/* from here on the exit command may take the container's lock */
	stored_container_unlock(s->container);
	if (r < 0 && child.pid > 0) {
		struct err ignored;

		child_wait(&child, &status, &ignored);
	}
	if (!stay)
		return r;
	if (r == 0) {
		stay->unread = stay->use_stdout ? end_unread : NULL;
		stay->arg = s;
		r = stay->wait(stay, &child, err);
	}
	stay->end(stay);
	return r;
}

void starting_of(struct starting *s, struct engine *e, struct subject *subject, struct sink *sink)
{
	*s = (struct starting){.engine = e,
		.sink = sink,
		.id = subject->id,
		.docker = &subject->docker,
		.container = subject->container,
		.mount = &e->session.mount};
}

static void plan_monitor(struct starting *s)
{
	struct plan *p = &s->engine->plan;
	const char *dir = engine_root_path(s->engine, "containers/%s", s->id);
	const char *bundle = arena_printf(&p->arena, "%s/bundle", dir);
	struct monitor_step *m = arena_alloc(&p->arena, sizeof(*m));
	struct step *monitor = plan_program(p, "kist-store", "mount", s->id,
		arena_printf(&p->arena, "%s/rootfs", bundle), "--", "kist-monitor", "--id", s->id,
		"--bundle", bundle, "--runtime-root", engine_run_path(s->engine, "runtime"),
		"--run-dir", engine_run_path(s->engine, "containers/%s", s->id), "--log",
		arena_printf(&p->arena, "%s/log.json", dir), "--exit-file",
		arena_printf(&p->arena, "%s/exit.json", dir), NULL);

	if (strcmp(s->docker->host_config.runtime, "kist-runtime") != 0)
		step_add2(p, monitor, "--runtime", s->docker->host_config.runtime);
	if (s->docker->config.tty)
		step_add(p, monitor, "--terminal");
	if (s->docker->config.open_stdin)
		step_add(p, monitor, "--interactive");
	if (!s->stay) {
		step_add(p, monitor, "--detach");
		step_add2(p, monitor, "--ready-fd", "3");
	}
	step_add2(p, monitor, "--exit-command", "kist");
	step_add2(p, monitor, "--exit-arg", "container-exited");
	step_add2(p, monitor, "--exit-arg", s->id);
	monitor->flags = s->stay ? STEP_LAST : STEP_READY;
	monitor->call = start_monitor;
	monitor->arg = m;
	*m = (struct monitor_step){s, monitor};
}

void container_plan_start(struct starting *s)
{
	struct engine *e = s->engine;

	/* a start that failed because a monitor is there leaves that one alone */
	plan_program(&e->plan, "kist-store", "forget-run", s->id, NULL)->flags = STEP_MAY_FAIL;
	plan_make_undo(&e->plan);
	plan_directory(&e->plan, engine_run_path(e, "containers/%s", s->id), 0700);
	plan_remove(&e->plan, engine_root_path(e, "containers/%s/exit.json", s->id));
	plan_remove(&e->plan, engine_run_path(e, "containers/%s/paused", s->id));
	network_plan_setup(e, s->id, s->docker);
	plan_monitor(s);
}
