/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/lock.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/userns.h"
#include "runtime/console.h"
#include "spec/attach_socket.h"
#include "spec/ready_line.h"

/*
 * How long, from the end of the container's process, descriptors that escaped from the container
 * and readers that are slow may hold up its end.
 */
#define DRAIN_MS 2000

static const int forwarded[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2};

enum poll_place {
	AT_SIGNALS,
	AT_CONSOLE,
	AT_ATTACH,
	AT_OWN_STDIN,
	AT_CALLER,
	AT_INPUT,
	AT_RELAY,
	AT_FROM = AT_RELAY + RELAY_FDS, /* two streams */
	AT_SINK = AT_FROM + 2,          /* two streams */
	AT_CLIENTS = AT_SINK + 2,
	POLL_COUNT = AT_CLIENTS + ATTACH_CLIENTS_MAX
};

static struct stream_targets targets(struct monitor *m)
{
	return (struct stream_targets){&m->log, &m->clients};
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

static void run_init(struct monitor_run *run)
{
	*run = (struct monitor_run){.phase = MONITOR_STARTING,
		.runtime = -1,
		.init = -1,
		.init_fd = -1,
		.oom_events = -1,
		.console = -1,
		.errors = -1};
	stream_init(&run->streams[0], ATTACH_STDOUT, "stdout");
	stream_init(&run->streams[1], ATTACH_STDERR, "stderr");
	input_init(&run->input);
}

static void run_release(struct monitor *m)
{
	struct monitor_run *run = &m->run;
	struct stream_targets t = targets(m);

	for (size_t i = 0; i < ARRAY_LEN(run->streams); i++)
		stream_release(&run->streams[i], &t);
	input_release(&run->input);
	own_fd_release(&run->init_fd);
	own_fd_release(&run->oom_events);
	own_fd_release(&run->console);
	own_fd_release(&run->errors);
}

static void say_ready(struct monitor *m)
{
	own_buf struct buf line = {0};

	if (m->ready < 0)
		return;
	ready_line_write(m->run.init, &m->run.start_error, &line);
	/* a caller that has gone does not change the container's fate */
	io_write_full(m->ready, line.data, line.len);
	/* as long as we use its streams it hears whether we still do, and we whether it is there */
	if (!m->opt->detach && !m->run.start_error.code)
		return;
	close(m->ready);
	m->ready = -1;
}

/* ---- the end of a run ---- */

static void exit_command_ended(void *arg, int raw)
{
	struct monitor *m = arg;
	const char *slash = strrchr(m->opt->exit_command, '/');

	if (raw)
		log_warn("'%s' failed with status %d", slash ? slash + 1 : m->opt->exit_command,
			WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw));
	m->run.phase = MONITOR_ENDED;
}

static uint8_t features_of(const struct monitor *m)
{
	return (uint8_t)((m->opt->terminal ? ATTACH_HAS_TERMINAL | ATTACH_HAS_STDIN : 0) |
		(m->run.input.to >= 0 ? ATTACH_HAS_STDIN : 0));
}

/* Also those who came while the container ended, and wait to be taken in. */
static void end_clients(struct monitor *m)
{
	clients_end(&m->clients, monitor_exit_status(m));
	if (m->attach < 0)
		return;
	unlinkat(m->run_dir, ATTACH_SOCKET, 0);
	while (clients_accept(&m->clients, m->attach, features_of(m)))
		clients_end(&m->clients, monitor_exit_status(m));
}

/* Nothing of the container is left: tell everybody, in this order. */
static void conclude(struct monitor *m)
{
	struct monitor_run *run = &m->run;
	struct err err = {0};

	if (m->exit_dir >= 0 && monitor_write_record(m, &err) < 0)
		log_warn("%s", err.msg);
	monitor_log_close(&m->log);
	end_clients(m);
	if (run->start_error.code)
		say_ready(m);
	run->phase = MONITOR_ENDED;
	if (!m->opt->exit_command)
		return;
	if (monitor_exit_command(m, exit_command_ended, &err) < 0)
		log_warn("%s", err.msg);
	else
		run->phase = MONITOR_LEAVING;
}

static void delete_ended(void *arg, int raw)
{
	const struct monitor *m = arg;

	if (raw)
		log_warn("cannot delete container '%s' with its runtime", m->opt->id);
}

/* Whoever holds an end of the container's output open, or does not read it, gets no more time. */
static void drain_over(void *arg)
{
	struct monitor *m = arg;
	struct stream_targets t = targets(m);

	for (size_t i = 0; i < ARRAY_LEN(m->run.streams); i++) {
		struct stream *s = &m->run.streams[i];
		size_t lost = stream_cut(s, &t);

		if (lost)
			log_warn("%zu bytes of the container's last %s are lost", lost,
				s->line.stream);
	}
	clients_sweep(&m->clients);
}

static void begin_end(struct monitor *m)
{
	struct err err = {0};

	m->run.phase = MONITOR_ENDING;
	io_time_now(m->run.finished_at);
	input_release(&m->run.input);
	if (monitor_delete(m, delete_ended, &err) < 0)
		log_warn("%s", err.msg);
	deadlines_set(&m->deadlines, deadlines_now() + DRAIN_MS, drain_over, m);
}

static bool run_has_ended(struct monitor *m)
{
	if (m->run.phase != MONITOR_ENDING || children_have(&m->children, delete_ended, m))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(m->run.streams); i++) {
		const struct stream *s = &m->run.streams[i];

		/* what is in memory for our own reader does not hold up the container's end */
		if (s->from >= 0 || (s->owed & clients_listening(&m->clients)))
			return false;
	}
	return true;
}

/* ---- events ---- */

static void forward(struct monitor *m, int signo)
{
	struct monitor_run *run = &m->run;
	uint64_t bit = 1ull << signo;

	if (run->init_fd >= 0) {
		syscall(SYS_pidfd_send_signal, run->init_fd, signo, NULL, 0);
	} else if (run->phase == MONITOR_STARTING) {
		/* told twice: whatever holds up the start shall not hold up the user */
		if (run->pending_signals & bit && run->runtime > 0)
			kill(run->runtime, SIGKILL);
		run->pending_signals |= bit;
	} else {
		/* only a reader of ours can hold us up now */
		for (size_t i = 0; i < ARRAY_LEN(run->streams); i++)
			relay_close(&run->streams[i].sink);
	}
}

static void init_ended(void *arg, int raw)
{
	struct monitor *m = arg;

	m->run.raw_status = raw;
	m->run.init = -1;
	own_fd_release(&m->run.init_fd);
	m->run.init_fd = -1;
	monitor_check_memory(m);
	begin_end(m);
}

/* The runtime's "run" has ended: now it is known who the container's process is. */
static void start_ended(void *arg, int raw)
{
	struct monitor *m = arg;
	struct monitor_run *run = &m->run;
	struct stream_targets t = targets(m);
	struct err err;

	run->runtime = -1;
	m->children.keep_orphans = false;
	monitor_started(m, raw);
	io_time_now(run->started_at);
	if (run->start_error.code) {
		if (run->init_fd >= 0)
			forward(m, SIGKILL);
		run->init = -1;
		for (size_t i = 0; i < ARRAY_LEN(run->streams); i++)
			stream_end(&run->streams[i], &t);
		begin_end(m);
		return;
	}
	children_adopt(&m->children, run->init, init_ended, m);
	run->phase = MONITOR_RUNNING;
	monitor_begin_record(m);
	/* if we are killed it is the one by which the next command finds its way in */
	if (userns_stay(run->init, &err) < 0)
		log_warn("%s", err.msg);
	say_ready(m);
	monitor_watch_memory(m);
	for (size_t i = 0; i < ARRAY_LEN(forwarded); i++)
		if (run->pending_signals & 1ull << forwarded[i])
			forward(m, forwarded[i]);
}

static void read_signals(struct monitor *m)
{
	struct signalfd_siginfo info;

	while (read(m->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			children_reap(&m->children);
		else if (info.ssi_signo != SIGWINCH)
			forward(m, (int)info.ssi_signo);
		else if (m->opt->terminal && m->run.streams[0].from >= 0)
			console_copy_size(STDIN_FILENO, m->run.streams[0].from);
	}
}

static void serve_client(struct monitor *m, unsigned i)
{
	static const char no_stdin[] = "this container's stdin does not come from attached clients";
	own_mem unsigned char *packet = xmalloc(ATTACH_PACKET_MAX);
	struct monitor_run *run = &m->run;
	struct attach_frame f;

	if (clients_read(&m->clients, i, packet, &f) <= 0)
		return;
	switch (f.type) {
	case ATTACH_STDIN:
	case ATTACH_EOF:
		if (run->input.to < 0)
			clients_complain(&m->clients, i, no_stdin);
		else if (f.type == ATTACH_STDIN)
			input_add(&run->input, f.content, f.len);
		else
			input_end(&run->input);
		break;
	case ATTACH_RESIZE:
		if (m->opt->terminal && run->streams[0].from >= 0)
			console_set_size(run->streams[0].from, f.rows, f.columns);
		break;
	case ATTACH_QUIET:
		clients_hush(&m->clients, i);
		break;
	default: /* DETACH: attach_parse() lets nothing else through */
		clients_mark(&m->clients, i);
	}
}

/* A terminal takes input from clients from when it is there on. */
static void accept_client(struct monitor *m)
{
	clients_accept(&m->clients, m->attach, features_of(m));
}

/* One who has waited for this run. */
static void add_waiting(void *arg, int client)
{
	struct monitor *m = arg;

	clients_add(&m->clients, client, features_of(m));
}

/* ---- the loop ---- */

static void watch(struct pollfd *p, int fd, short events)
{
	*p = (struct pollfd){.fd = fd, .events = events};
}

static void gather(struct monitor *m, struct pollfd *set)
{
	struct monitor_run *run = &m->run;
	struct stream_targets t = targets(m);
	bool input_free = run->input.to >= 0 && run->input.len == 0;
	/* output of a start that may yet fail is the runtime's, not the container's */
	bool output = run->phase != MONITOR_STARTING;
	uint32_t owed = run->streams[0].owed | run->streams[1].owed;

	watch(&set[AT_SIGNALS], m->signals, POLLIN);
	watch(&set[AT_CONSOLE], run->phase == MONITOR_STARTING ? run->console : -1, POLLIN);
	watch(&set[AT_ATTACH], run->phase >= MONITOR_ENDING ? -1 : m->attach, POLLIN);
	watch(&set[AT_OWN_STDIN], input_free ? run->input.own.fd : -1, POLLIN);
	watch(&set[AT_CALLER], m->opt->detach ? -1 : m->ready, 0);
	watch(&set[AT_INPUT], run->input.len ? run->input.to : -1, POLLOUT);
	relay_poll(&run->input.relay, &set[AT_RELAY]);
	for (int i = 0; i < 2; i++) {
		const struct stream *s = &run->streams[i];

		watch(&set[AT_FROM + i], output && !stream_owes(s, &t) ? s->from : -1, POLLIN);
		watch(&set[AT_SINK + i], stream_sinking(s) ? s->sink.fd : -1, POLLOUT);
	}
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++) {
		short events = (short)((owed & 1u << i ? POLLOUT : 0) |
			(run->input.len ? 0 : POLLIN));

		watch(&set[AT_CLIENTS + i], events ? m->clients.fds[i] : -1, events);
	}
}

static void serve(struct monitor *m, const struct pollfd *set)
{
	struct monitor_run *run = &m->run;
	struct stream_targets t = targets(m);

	if (set[AT_CONSOLE].revents)
		monitor_take_terminal(m);
	if (set[AT_INPUT].revents)
		input_flush(&run->input);
	relay_step(&run->input.relay, &set[AT_RELAY]);
	for (int i = 0; i < 2; i++) {
		if (set[AT_SINK + i].revents)
			stream_flush(&run->streams[i], &t);
		if (set[AT_FROM + i].revents)
			stream_read(&run->streams[i], &t);
	}
	if (set[AT_OWN_STDIN].revents && !run->input.len && input_read_own(&run->input))
		monitor_leave(m, READY_LEFT_KEYS);
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++) {
		short revents = set[AT_CLIENTS + i].revents;

		if (!revents || !(clients_there(&m->clients) & 1u << i))
			continue;
		for (int k = 0; k < 2; k++)
			stream_flush(&run->streams[k], &t);
		if ((revents & ~POLLOUT) && !run->input.len)
			serve_client(m, i);
	}
	if (set[AT_ATTACH].revents)
		accept_client(m);
	if (set[AT_SIGNALS].revents)
		read_signals(m);
	if (set[AT_CALLER].revents & (POLLERR | POLLHUP))
		monitor_leave(m, NULL);
	monitor_check_streams(m);
}

static bool over(const struct monitor *m)
{
	return m->run.phase == MONITOR_ENDED && !stream_sinking(&m->run.streams[0]) &&
		!stream_sinking(&m->run.streams[1]);
}

static void loop(struct monitor *m)
{
	struct pollfd set[POLL_COUNT];

	while (!over(m)) {
		gather(m, set);
		if (poll(set, ARRAY_LEN(set), deadlines_timeout(&m->deadlines, deadlines_now())) >
			0)
			serve(m, set);
		deadlines_run(&m->deadlines, deadlines_now());
		clients_sweep(&m->clients);
		if (run_has_ended(m))
			conclude(m);
		/* all is cleaned up; only our own reader has yet to get what is in memory */
		if (m->run.phase == MONITOR_ENDED) {
			own_fd_release(&m->lock);
			m->lock = -1;
		}
	}
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
	monitor_protect(m);
	m->children.keep_orphans = true;
	if (monitor_start(m, start_ended, err) < 0)
		return -err->code;
	/* nothing of the container's output has been read yet */
	if (attach_call_waiting(m->run_dir, add_waiting, m, err) < 0)
		log_warn("%s", err->msg);
	return 0;
}

static void monitor_init(struct monitor *m, const struct monitor_options *opt)
{
	*m = (struct monitor){.opt = opt,
		.run_dir = -1,
		.exit_dir = -1,
		.lock = -1,
		.signals = -1,
		.attach = -1,
		.ready = opt->ready_fd ? opt->ready_fd : -1};
	m->log.fd = -1;
	clients_init(&m->clients);
	run_init(&m->run);
}

static void monitor_release(struct monitor *m)
{
	int *fds[] = {&m->signals, &m->attach, &m->exit_dir, &m->run_dir, &m->lock, &m->ready};

	run_release(m);
	monitor_log_close(&m->log);
	deadlines_release(&m->deadlines);
	children_release(&m->children);
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
		m.run.start_error = *err;
		say_ready(&m);
		monitor_release(&m);
		return -err->code;
	}
	if (prepare(&m, err) < 0) {
		m.run.start_error = *err;
		io_time_now(m.run.started_at);
		io_time_now(m.run.finished_at);
		conclude(&m);
	}
	loop(&m);
	status = monitor_exit_status(&m);
	if (m.run.start_error.code)
		*err = m.run.start_error;
	monitor_release(&m);
	return status;
}
