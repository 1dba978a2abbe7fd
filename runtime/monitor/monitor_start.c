/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/console.h"
#include "runtime/monitor/monitor.h"

#define CONSOLE_SOCKET "console.sock"
#define PID_FILE       "pid"
#define RUNTIME_LOG    "runtime.log"

#define STDIN_PIPE_SIZE (1 << 20)

/* A pipe whose end on our side does not block; which is 0 for reading, 1 for writing here. */
static int half_pipe(int ours, int *our_end, int *child_end, struct err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	*our_end = ends[ours];
	*child_end = ends[!ours];
	if (fcntl(ends[ours], F_SETFL, O_NONBLOCK) < 0)
		return err_errno(err, "cannot set up a pipe");
	return 0;
}

static int open_console(struct monitor *m, int child_fds[3], struct err *err)
{
	struct monitor_run *run = &m->run;

	if (unlinkat(m->run_dir, CONSOLE_SOCKET, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot replace '" CONSOLE_SOCKET "'");
	run->console = console_listen(m->run_dir, CONSOLE_SOCKET, err);
	if (run->console < 0)
		return run->console;
	if (half_pipe(0, &run->errors, &child_fds[2], err) < 0)
		return -err->code;
	child_fds[1] = fcntl(child_fds[2], F_DUPFD_CLOEXEC, 3);
	return child_fds[1] < 0 ? err_errno(err, "cannot duplicate a descriptor") : 0;
}

/* What the caller has as stdin stays here: the container gets a pipe, and we copy. */
static int open_own_stdin(struct monitor *m, int *child_end, struct err *err)
{
	struct relay_end from;
	int ends[2];

	if (relay_source(&from, STDIN_FILENO, err) < 0)
		return err_wrap(err, "cannot read stdin");
	if (m->opt->terminal) {
		m->run.input.own = from;
		m->run.input.keys = m->opt->detach_keys;
		return 0;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	/* fewer turns for the same bytes; less, where a user may not have as much, is as good */
	fcntl(ends[1], F_SETPIPE_SZ, STDIN_PIPE_SIZE);
	*child_end = ends[0];
	relay_start(&m->run.input.relay, from, relay_own(ends[1]));
	return 0;
}

static int open_streams(struct monitor *m, int child_fds[3], struct err *err)
{
	const struct monitor_options *opt = m->opt;
	struct monitor_run *run = &m->run;

	if (!opt->detach) {
		relay_sink(&run->streams[0].sink, STDOUT_FILENO);
		relay_sink(&run->streams[1].sink, STDERR_FILENO);
		if (opt->interactive && open_own_stdin(m, &child_fds[0], err) < 0)
			return -err->code;
	}
	if (opt->terminal)
		return open_console(m, child_fds, err);
	if (half_pipe(0, &run->streams[0].from, &child_fds[1], err) < 0 ||
		half_pipe(0, &run->streams[1].from, &child_fds[2], err) < 0)
		return -err->code;
	if (opt->interactive && opt->detach)
		return half_pipe(1, &run->input.to, &child_fds[0], err);
	return 0;
}

static const char *runtime_program(const struct monitor *m)
{
	return m->opt->runtime ? m->opt->runtime : "kist-runtime";
}

/* One call does what create and start would do in two: each program started costs a millisecond. */
static void run_arguments(const struct monitor *m, struct strv *argv)
{
	const struct monitor_options *opt = m->opt;

	strv_add_many(argv, runtime_program(m), "--root", opt->runtime_root, "--log", NULL);
	strv_addf(argv, "%s/" RUNTIME_LOG, opt->run_dir);
	strv_add_many(argv, "--log-format", "json", "run", "--detach", "--bundle", opt->bundle,
		"--pid-file", NULL);
	strv_addf(argv, "%s/" PID_FILE, opt->run_dir);
	if (opt->terminal) {
		strv_add(argv, "--console-socket");
		strv_addf(argv, "%s/" CONSOLE_SOCKET, opt->run_dir);
	}
	strv_add(argv, opt->id);
}

int monitor_start(struct monitor *m, child_ended *ended, struct err *err)
{
	int child_fds[3] = {-1, -1, -1};
	own_strv struct strv argv = {0};
	struct spawn sp = {0};
	int r = open_streams(m, child_fds, err);

	run_arguments(m, &argv);
	sp.argv = (const char *const *)argv.items;
	for (int i = 0; i < 3; i++)
		spawn_pass(&sp, child_fds[i], i);
	if (r == 0)
		r = m->run.runtime = monitor_spawn(m, &sp, ended, err);
	for (int i = 0; i < 3; i++)
		if (child_fds[i] >= 0)
			close(child_fds[i]);
	return r < 0 ? r : 0;
}

void monitor_take_terminal(struct monitor *m)
{
	struct monitor_run *run = &m->run;
	struct err err = {0};
	int master = console_accept(run->console, NULL, &err);

	if (master >= 0)
		run->input.to = fcntl(master, F_DUPFD_CLOEXEC, 3);
	if (master >= 0 && run->input.to < 0) {
		err_errno(&err, "cannot duplicate a descriptor");
		close(master);
	}
	if (run->input.to < 0) {
		if (!run->start_error.code)
			run->start_error = err;
		return;
	}
	close(run->console);
	run->console = -1;
	unlinkat(m->run_dir, CONSOLE_SOCKET, 0);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	run->streams[0].from = master;
	run->input.is_terminal = true;
	if (!m->opt->detach)
		console_copy_size(STDIN_FILENO, master);
}

/* The container's first process became our child when the runtime ended: we are its subreaper. */
static int adopt_init(struct monitor *m, struct err *err)
{
	own_buf struct buf text = {0};
	siginfo_t info;
	char *end;
	long pid;

	if (io_read_file(m->run_dir, PID_FILE, 32, &text, err) < 0)
		return -err->code;
	pid = strtol(buf_str(&text), &end, 10);
	if (pid <= 0 || (*end && *end != '\n'))
		return err_set(err, E_SYNTAX, "'%s' wrote no process id", runtime_program(m));
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return err_errno(err, "process %ld of the container is not ours to wait for", pid);
	m->run.init_fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (m->run.init_fd < 0)
		return err_errno(err, "cannot hold the container's process %ld", pid);
	m->run.init = (pid_t)pid;
	return 0;
}

static bool console_is_waiting(const struct monitor_run *run)
{
	struct pollfd p = {.fd = run->console, .events = POLLIN};

	return run->console >= 0 && poll(&p, 1, 0) > 0;
}

void monitor_started(struct monitor *m, int raw_status)
{
	int status = WIFEXITED(raw_status) ? WEXITSTATUS(raw_status) : 128 + WTERMSIG(raw_status);
	struct monitor_run *run = &m->run;
	struct err err = {0};

	if (console_is_waiting(run))
		monitor_take_terminal(m);
	if (status != 0)
		monitor_runtime_error(m, status, &run->start_error);
	else if (adopt_init(m, &err) < 0)
		run->start_error = err;
	else if (m->opt->terminal && run->streams[0].from < 0 && !run->start_error.code)
		err_set(&run->start_error, E_CHILD, "'%s' sent no terminal", runtime_program(m));
	unlinkat(m->run_dir, RUNTIME_LOG, 0);
	if (run->console >= 0)
		unlinkat(m->run_dir, CONSOLE_SOCKET, 0);
	own_fd_release(&run->console);
	own_fd_release(&run->errors);
	run->console = run->errors = -1;
}

int monitor_delete(struct monitor *m, child_ended *ended, struct err *err)
{
	const char *argv[] = {runtime_program(m), "--root", m->opt->runtime_root, "delete",
		"--force", m->opt->id, NULL};
	struct spawn sp = {.argv = argv};
	pid_t pid;

	spawn_pass(&sp, -1, STDIN_FILENO);
	spawn_pass(&sp, STDERR_FILENO, STDOUT_FILENO);
	unlinkat(m->run_dir, PID_FILE, 0);
	pid = monitor_spawn(m, &sp, ended, err);
	return pid < 0 ? pid : 0;
}
