/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/foreground.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/console.h"

#define DRAIN_MS 100 /* for what a terminal still holds when its container has ended */

void interrupts_release(struct interrupts *i)
{
	own_fd_release(&i->fd);
}

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static bool asks_to_end(int signal)
{
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		if (signal == ending[i])
			return true;
	return false;
}

int foreground_block_signals(struct interrupts *i, struct err *err)
{
	struct sigaction action;
	sigset_t all, heard;

	/* a caller may have left SIGCHLD ignored, which would reap our child unseen */
	signal(SIGCHLD, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	sigemptyset(&heard);
	for (size_t k = 0; k < ARRAY_LEN(ending); k++)
		if (sigaction(ending[k], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&heard, ending[k]);
	i->fd = signalfd(-1, &heard, SFD_CLOEXEC);
	return i->fd < 0 ? err_errno(err, "cannot listen to signals") : 0;
}

int interrupts_wait(struct interrupts *i, int fd, struct err *err)
{
	struct pollfd p[2] = {
		{.fd = fd, .events = POLLIN}, {.fd = i ? i->fd : -1, .events = POLLIN}};
	struct signalfd_siginfo info;

	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return err_errno(err, "cannot wait for the container's process");
	if (!p[1].revents || read(p[1].fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	i->caught = (int)info.ssi_signo;
	return err_set(err, EINTR, "ended by signal %d before the program ran", i->caught);
}

/* *status when pid has ended. Other children may be reaped on the way. */
static bool has_ended(pid_t pid, int *status)
{
	int raw;

	for (;;) {
		pid_t ended = waitpid(-1, &raw, WNOHANG | __WALL);

		if (ended <= 0)
			return false;
		if (ended != pid)
			continue;
		*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
		return true;
	}
}

static bool is_stopped(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 && info.si_pid;
}

/*
 * A stopped process takes no notice of a signal but SIGKILL, and others in the container can stop
 * it: one that asks it to end lets it run on, too.
 */
static void forward(pid_t pid, int signal, int master)
{
	if (signal == SIGWINCH && master >= 0) {
		console_copy_size(0, master);
	} else if (signal != SIGCHLD && signal != SIGURG) {
		kill(pid, signal);
		if (asks_to_end(signal) && is_stopped(pid))
			kill(pid, SIGCONT);
	}
}

static int wait_plain(pid_t pid, struct err *err)
{
	sigset_t all;
	int status = 0;

	sigfillset(&all);
	while (!has_ended(pid, &status)) {
		int signal = sigwaitinfo(&all, NULL);

		if (signal < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for the container");
		if (signal > 0)
			forward(pid, signal, -1);
	}
	return status;
}

/* Until the process has ended and its terminal has said its last. */
static int copy_terminal(pid_t pid, int master, int signals, struct err *err)
{
	struct pollfd p[1 + CONSOLE_PROXY_FDS] = {{.fd = signals, .events = POLLIN}};
	struct console_proxy proxy;
	bool ended = false;
	int status = 0;

	console_proxy_init(&proxy, 0, 1, master);
	while (!ended || !console_proxy_done(&proxy)) {
		int n;

		console_proxy_poll(&proxy, p + 1);
		n = poll(p, 1 + CONSOLE_PROXY_FDS, ended ? DRAIN_MS : -1);
		if (n < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for the container's terminal");
		if (n == 0)
			break;
		if (p[0].revents) {
			struct signalfd_siginfo info;

			if (read(signals, &info, sizeof(info)) == sizeof(info))
				forward(pid, (int)info.ssi_signo, master);
			ended |= has_ended(pid, &status);
		}
		if (console_proxy_step(&proxy, p + 1) < 0)
			proxy.to_out.len = 0; /* nobody reads; the container runs on */
	}
	return status;
}

void foreground_prepare(int master)
{
	console_copy_size(0, master);
	/* what is no terminal gets lines as the program writes them, as with every runtime */
	if (!isatty(1))
		console_plain_lines(master);
}

int foreground_follow(pid_t pid, int master, struct err *err)
{
	struct termios saved;
	own_fd int signals = -1;
	sigset_t all;
	bool raw;
	int r;

	if (master < 0)
		return wait_plain(pid, err);
	sigfillset(&all);
	signals = signalfd(-1, &all, SFD_CLOEXEC);
	if (signals < 0)
		return err_errno(err, "cannot wait for signals");
	raw = isatty(0);
	if (raw && console_raw(0, &saved, err) < 0)
		return -err->code;
	r = copy_terminal(pid, master, signals, err);
	if (raw)
		tcsetattr(0, TCSANOW, &saved);
	return r;
}
