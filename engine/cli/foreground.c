/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cli/foreground.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"
#include "spec/ready_line.h"

static const int passed_on[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH};

static void change_terminal(struct foreground *f, enum foreground_mode mode)
{
	int fd = mode == FOREGROUND_RAW ? STDIN_FILENO : STDOUT_FILENO;
	struct termios t;

	if (mode == FOREGROUND_PLAIN || tcgetattr(fd, &f->terminal) < 0)
		return;
	t = f->terminal;
	if (mode == FOREGROUND_RAW)
		cfmakeraw(&t);
	else
		t.c_oflag &= ~(tcflag_t)OPOST;
	if (tcsetattr(fd, TCSADRAIN, &t) == 0)
		f->changed = fd;
}

void foreground_begin(struct foreground *f, enum foreground_mode mode, bool proxy)
{
	*f = (struct foreground){.proxy = proxy, .changed = -1};
	sigemptyset(&f->signals);
	sigaddset(&f->signals, SIGCHLD);
	for (size_t i = 0; i < ARRAY_LEN(passed_on); i++)
		sigaddset(&f->signals, passed_on[i]);
	sigprocmask(SIG_BLOCK, &f->signals, &f->before);
	change_terminal(f, mode);
}

/* Has the child ended? Returns its status, or -1. */
static int ended(struct child *child)
{
	int raw;

	if (waitpid(child->pid, &raw, WNOHANG) != child->pid)
		return -1;
	child->pid = -1;
	return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
}

static void pass_on(const struct foreground *f, int signals, pid_t pid)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		int signo = (int)info.ssi_signo;

		if (signo != SIGCHLD && (f->proxy || signo == SIGWINCH))
			kill(pid, signo);
	}
}

/* The line by which the child leaves us. Returns the status that we end with, or -1: none. */
static int read_left(int fd)
{
	char line[128];
	ssize_t n = read(fd, line, sizeof(line));
	size_t len = n > 0 ? (size_t)n : 0;

	if (ready_line_left(line, len, READY_LEFT_KEYS))
		return 0;
	/* as a program that writes where nobody reads ends */
	return ready_line_left(line, len, READY_LEFT_UNREAD) ? 128 + SIGPIPE : -1;
}

int foreground_wait(struct foreground *f, struct child *child, int left, struct err *err)
{
	own_fd int signals = signalfd(-1, &f->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	int status;

	if (signals < 0)
		return err_errno(err, "cannot watch signals");
	/* asked first: the child may have ended before its signal was blocked */
	while ((status = ended(child)) < 0) {
		struct pollfd p[2] = {
			{.fd = signals, .events = POLLIN}, {.fd = left, .events = POLLIN}};

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for '%s'", child->name);
		pass_on(f, signals, child->pid);
		if (!p[1].revents)
			continue;
		status = read_left(left);
		if (status >= 0)
			return status;
		left = -1; /* it is closed at the end */
	}
	return status;
}

void foreground_end(struct foreground *f)
{
	if (f->changed >= 0)
		tcsetattr(f->changed, TCSADRAIN, &f->terminal);
	f->changed = -1;
	sigprocmask(SIG_SETMASK, &f->before, NULL);
}
