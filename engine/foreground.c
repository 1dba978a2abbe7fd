/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/foreground.h"

#include <errno.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"

static const int passed_on[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH};

void foreground_begin(struct foreground *f, bool raw, bool proxy)
{
	struct termios t;

	*f = (struct foreground){.proxy = proxy};
	sigemptyset(&f->signals);
	sigaddset(&f->signals, SIGCHLD);
	for (size_t i = 0; i < ARRAY_LEN(passed_on); i++)
		sigaddset(&f->signals, passed_on[i]);
	sigprocmask(SIG_BLOCK, &f->signals, &f->before);
	if (!raw || tcgetattr(STDIN_FILENO, &f->terminal) < 0)
		return;
	t = f->terminal;
	cfmakeraw(&t);
	f->raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &t) == 0;
}

int foreground_wait(struct foreground *f, struct child *child, struct err *err)
{
	for (;;) {
		siginfo_t info = {0};
		int raw, signo;

		/* asked first: the child may have ended before its signal was blocked */
		if (waitpid(child->pid, &raw, WNOHANG) == child->pid) {
			child->pid = -1;
			return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
		}
		signo = sigwaitinfo(&f->signals, &info);
		if (signo < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for '%s'", child->name);
		if (signo > 0 && signo != SIGCHLD && (f->proxy || signo == SIGWINCH))
			kill(child->pid, signo);
	}
}

void foreground_end(struct foreground *f)
{
	if (f->raw)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &f->terminal);
	f->raw = false;
	sigprocmask(SIG_SETMASK, &f->before, NULL);
}
