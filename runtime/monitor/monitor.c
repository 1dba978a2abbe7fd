/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/lock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "runtime/console.h"
#include "spec/ready_line.h"

/* How long descriptors that escaped from the container may keep its output open after its end. */
#define DRAIN_MS 2000

static const int forwarded[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2};

enum poll_place {
	AT_SIGNALS,
	AT_CONSOLE,
	AT_ATTACH,
	AT_OWN_STDIN,
	AT_INPUT,
	AT_FROM,                 /* two streams */
	AT_SINK = AT_FROM + 2,   /* two streams */
	AT_CLIENTS = AT_SINK + 2 /* ATTACH_CLIENTS_MAX */
};

_Static_assert(AT_CLIENTS + ATTACH_CLIENTS_MAX <= MONITOR_POLL_MAX + 1, "poll set too small");

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- before the start ---- */

static int open_signals(struct monitor *m, struct err *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGWINCH);
	for (size_t i = 0; i < ARRAY_LEN(forwarded); i++)
		sigaddset(&set, forwarded[i]);
	/* an inherited SIG_IGN for SIGCHLD would take the exit status away */
	signal(SIGCHLD, SIG_DFL);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_errno(err, "cannot block signals");
	m->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (m->signals < 0)
		return err_errno(err, "cannot watch signals");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_errno(err, "cannot become the subreaper of the container's processes");
	return 0;
}

/* RUN-DIR/lock, held until we are gone, with our pid in it. */
static int take_lock(struct monitor *m, struct err *err)
{
	char pid[16];
	int n;

	m->run_dir = path_make_dirs(m->opt->run_dir, 0700, err);
	if (m->run_dir < 0)
		return m->run_dir;
	m->lock = lock_file(m->run_dir, "lock", LOCK_TRY, err);
	if (m->lock < 0)
		return err_wrap(err, "container '%s' has a monitor", m->opt->id);
	n = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(m->lock, 0) < 0 || pwrite(m->lock, pid, (size_t)n, 0) != n)
		return err_errno(err, "cannot write '%s/lock'", m->opt->run_dir);
	return 0;
}

static int open_exit_dir(struct monitor *m, struct err *err)
{
	const char *slash = strrchr(m->opt->exit_file, '/');
	own_mem char *dir = slash
		? xstrndup(m->opt->exit_file, (size_t)(slash - m->opt->exit_file) + 1)
		: xstrdup(".");

	m->exit_dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return m->exit_dir < 0 ? err_errno(err, "cannot open '%s'", dir) : 0;
}

static void monitor_init(struct monitor *m, const struct monitor_options *opt)
{
	static const char *const names[] = {"stdout", "stderr"};
	static const enum attach_type frames[] = {ATTACH_STDOUT, ATTACH_STDERR};

	*m = (struct monitor){.opt = opt,
		.run_dir = -1,
		.exit_dir = -1,
		.lock = -1,
		.signals = -1,
		.init = -1,
		.init_fd = -1,
		.oom_events = -1,
		.console = -1,
		.errors = -1,
		.attach = -1};
	m->runtime.pid = -1;
	m->input.to = m->input.own = -1;
	m->log.fd = -1;
	for (size_t i = 0; i < ARRAY_LEN(m->streams); i++) {
		m->streams[i].from = m->streams[i].sink.fd = -1;
		m->streams[i].frame = frames[i];
		m->streams[i].line.stream = names[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(m->clients); i++)
		m->clients[i] = -1;
}

static int prepare(struct monitor *m, struct err *err)
{
	if (open_exit_dir(m, err) < 0 || open_signals(m, err) < 0 ||
		monitor_log_open(&m->log, m->opt->log, err) < 0)
		return -err->code;
	m->attach = attach_listen(m->run_dir, err);
	if (m->attach < 0)
		return m->attach;
	if (m->opt->detach) {
		setsid(); /* fails only where we lead a session already */
		/* the container runs without, until its service ends */
		if (monitor_leave_service(err) < 0)
			log_warn("%s", err->msg);
	}
	return monitor_start(m, err);
}

void monitor_say_ready(struct monitor *m)
{
	own_buf struct buf line = {0};
	int fd = m->opt->ready_fd;

	if (!fd)
		return;
	ready_line_write(m->init, &m->start_error, &line);
	/* a caller that has gone does not change the container's fate */
	io_write_full(fd, line.data, line.len);
	close(fd);
}

/* ---- events ---- */

static void forward(struct monitor *m, int signo)
{
	uint64_t bit = 1ull << signo;

	if (m->init_fd >= 0) {
		syscall(SYS_pidfd_send_signal, m->init_fd, signo, NULL, 0);
	} else if (m->phase == MONITOR_STARTING) {
		/* told twice: whatever holds up the start shall not hold up the user */
		if (m->pending_signals & bit)
			kill(m->runtime.pid, SIGKILL);
		m->pending_signals |= bit;
	} else {
		for (size_t i = 0; i < ARRAY_LEN(m->streams); i++)
			monitor_sink_close(&m->streams[i].sink);
	}
}

static void begin_end(struct monitor *m)
{
	struct err err = {0};

	m->phase = MONITOR_ENDING;
	io_time_now(m->finished_at);
	if (monitor_delete(m, &err) < 0) {
		log_warn("%s", err.msg);
		m->runtime.pid = -1;
	}
	m->drain_until = now_ms() + DRAIN_MS;
}

static void runtime_ended(struct monitor *m, int raw)
{
	m->runtime.pid = -1;
	if (m->phase == MONITOR_ENDING) {
		if (raw)
			log_warn("cannot delete container '%s' with its runtime", m->opt->id);
		m->drain_until = now_ms() + DRAIN_MS;
		return;
	}
	monitor_started(m, raw);
	io_time_now(m->started_at);
	if (m->start_error.code) {
		if (m->init_fd >= 0)
			forward(m, SIGKILL);
		m->init = -1;
		for (size_t i = 0; i < ARRAY_LEN(m->streams); i++)
			monitor_stream_end(m, &m->streams[i]);
		begin_end(m);
		return;
	}
	m->phase = MONITOR_RUNNING;
	monitor_begin_record(m);
	monitor_say_ready(m);
	monitor_watch_memory(m);
	for (size_t i = 0; i < ARRAY_LEN(forwarded); i++)
		if (m->pending_signals & 1ull << forwarded[i])
			forward(m, forwarded[i]);
}

static void reap(struct monitor *m)
{
	int raw;
	pid_t pid;

	/* until the runtime has ended, who is the container's process is not known: leave it be */
	if (m->phase == MONITOR_STARTING) {
		if (waitpid(m->runtime.pid, &raw, WNOHANG) != m->runtime.pid)
			return;
		runtime_ended(m, raw);
	}
	while ((pid = waitpid(-1, &raw, WNOHANG)) > 0) {
		if (pid == m->init) {
			m->raw_status = raw;
			m->init = -1;
			close(m->init_fd);
			m->init_fd = -1;
			monitor_check_memory(m);
			begin_end(m);
		} else if (pid == m->runtime.pid) {
			runtime_ended(m, raw);
		}
	}
}

static void read_signals(struct monitor *m)
{
	struct signalfd_siginfo info;

	while (read(m->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(m);
		else if (info.ssi_signo != SIGWINCH)
			forward(m, (int)info.ssi_signo);
		else if (m->opt->terminal && m->streams[0].from >= 0)
			console_copy_size(STDIN_FILENO, m->streams[0].from);
	}
}

/* ---- the loop ---- */

static void watch(struct pollfd *p, int fd, short events)
{
	*p = (struct pollfd){.fd = fd, .events = events};
}

static void gather(const struct monitor *m, struct pollfd *set)
{
	bool input_free = m->input.to >= 0 && m->input.len == 0;
	/* output of a start that may yet fail is the runtime's, not the container's */
	bool output = m->phase != MONITOR_STARTING;

	watch(&set[AT_SIGNALS], m->signals, POLLIN);
	watch(&set[AT_CONSOLE], m->phase == MONITOR_STARTING ? m->console : -1, POLLIN);
	watch(&set[AT_ATTACH], m->phase == MONITOR_ENDING ? -1 : m->attach, POLLIN);
	watch(&set[AT_OWN_STDIN], input_free ? m->input.own : -1, POLLIN);
	watch(&set[AT_INPUT], m->input.len ? m->input.to : -1, POLLOUT);
	for (int i = 0; i < 2; i++) {
		const struct monitor_stream *s = &m->streams[i];
		bool sinking = s->sink.fd >= 0 && s->sunk < s->len;

		watch(&set[AT_FROM + i], output && !monitor_stream_busy(s) ? s->from : -1, POLLIN);
		watch(&set[AT_SINK + i], sinking ? s->sink.fd : -1, POLLOUT);
	}
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++) {
		bool owed = (m->streams[0].owed | m->streams[1].owed) & 1u << i;
		short events = (short)((owed ? POLLOUT : 0) | (m->input.len ? 0 : POLLIN));

		watch(&set[AT_CLIENTS + i], events ? m->clients[i] : -1, events);
	}
}

static void serve(struct monitor *m, const struct pollfd *set)
{
	if (set[AT_CONSOLE].revents)
		monitor_take_terminal(m);
	if (set[AT_INPUT].revents)
		monitor_input_flush(&m->input);
	for (int i = 0; i < 2; i++) {
		if (set[AT_SINK + i].revents)
			monitor_stream_flush(m, &m->streams[i]);
		if (set[AT_FROM + i].revents)
			monitor_stream_read(m, &m->streams[i]);
	}
	if (set[AT_OWN_STDIN].revents && !m->input.len)
		monitor_input_read_own(&m->input);
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++) {
		const struct pollfd *p = &set[AT_CLIENTS + i];

		if (m->clients[i] < 0 || p->fd != m->clients[i] || !p->revents)
			continue;
		for (int k = 0; k < 2; k++)
			monitor_stream_flush(m, &m->streams[k]);
		if (m->clients[i] >= 0 && (p->revents & ~POLLOUT) && !m->input.len)
			monitor_client_read(m, i);
	}
	if (set[AT_ATTACH].revents)
		monitor_clients_accept(m);
	if (set[AT_SIGNALS].revents)
		read_signals(m);
}

/* Who holds an end of the container's output open after the container is gone gets no more time. */
static void stop_waiting(struct monitor *m)
{
	for (size_t i = 0; i < ARRAY_LEN(m->streams); i++) {
		struct monitor_stream *s = &m->streams[i];

		for (unsigned c = 0; c < ATTACH_CLIENTS_MAX; c++)
			if (s->owed & 1u << c)
				monitor_client_drop(m, c);
		if (!monitor_stream_busy(s))
			monitor_stream_end(m, s);
	}
}

static bool finished(const struct monitor *m)
{
	if (m->phase != MONITOR_ENDING || m->runtime.pid >= 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(m->streams); i++)
		if (m->streams[i].from >= 0 || monitor_stream_busy(&m->streams[i]))
			return false;
	return true;
}

static void loop(struct monitor *m)
{
	struct pollfd set[AT_CLIENTS + ATTACH_CLIENTS_MAX];

	while (!finished(m)) {
		int timeout = -1, n;

		gather(m, set);
		if (m->phase == MONITOR_ENDING && m->runtime.pid < 0) {
			int64_t left = m->drain_until - now_ms();

			timeout = left > 0 ? (int)left : 0;
		}
		n = poll(set, ARRAY_LEN(set), timeout);
		if (n > 0) {
			serve(m, set);
			if (m->phase == MONITOR_ENDING)
				m->drain_until = now_ms() + DRAIN_MS;
		} else if (n == 0) {
			stop_waiting(m);
			m->drain_until = now_ms() + DRAIN_MS;
		}
	}
}

/* ---- after the end ---- */

static void finish(struct monitor *m)
{
	struct err err = {0};

	if (m->exit_dir >= 0 && monitor_write_record(m, &err) < 0)
		log_warn("%s", err.msg);
	monitor_clients_end(m, monitor_exit_status(m));
	unlinkat(m->run_dir, ATTACH_SOCKET, 0);
	if (m->start_error.code)
		monitor_say_ready(m);
	if (monitor_exit_command(m, &err) < 0)
		log_warn("%s", err.msg);
}

static void release(struct monitor *m)
{
	int *fds[] = {&m->signals, &m->attach, &m->console, &m->errors, &m->exit_dir, &m->run_dir,
		&m->init_fd, &m->oom_events, &m->lock};

	for (size_t i = 0; i < ARRAY_LEN(m->streams); i++) {
		monitor_stream_end(m, &m->streams[i]);
		monitor_sink_close(&m->streams[i].sink);
		free(m->streams[i].block);
	}
	if (m->input.to >= 0)
		close(m->input.to);
	free(m->input.block);
	monitor_log_close(&m->log);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		own_fd_release(fds[i]);
}

int monitor_run(const struct monitor_options *opt, struct err *err)
{
	struct monitor m;
	int status;

	monitor_init(&m, opt);
	if (take_lock(&m, err) < 0) {
		/* the container belongs to another monitor: its record is not ours to write */
		m.start_error = *err;
		monitor_say_ready(&m);
		release(&m);
		return -err->code;
	}
	if (prepare(&m, err) == 0) {
		loop(&m);
	} else {
		m.start_error = *err;
		io_time_now(m.started_at);
		io_time_now(m.finished_at);
	}
	finish(&m);
	status = monitor_exit_status(&m);
	if (m.start_error.code)
		*err = m.start_error;
	release(&m);
	return status;
}
