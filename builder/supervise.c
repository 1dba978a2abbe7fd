/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/own.h"
#include "store/snapshot.h"

static void block_signals(sigset_t *set, sigset_t *old)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};

	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaddset(set, signals[i]);
	sigprocmask(SIG_BLOCK, set, old);
}

static int enter_namespaces(struct err *err)
{
	if (snapshot_enter_private(err) < 0)
		return -err->code;
	/* what reads /proc here must find the numbers of this process namespace */
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return err_errno(err, "cannot mount /proc for the build");
	return 0;
}

/*
 * Process 1. The byte in the pipe comes from a living parent after PR_SET_PDEATHSIG: a parent that
 * died before leaves us end of file.
 */
static _Noreturn void child(int go, int (*work)(void *arg), void *arg, const sigset_t *old)
{
	struct err err = {0};
	char byte;

	sigprocmask(SIG_SETMASK, old, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || read(go, &byte, 1) != 1)
		_exit(1);
	close(go);
	if (enter_namespaces(&err) < 0)
		exit(err_report("kist-build", &err));
	exit(work(arg));
}

/* Wait for the child; a signal that asks us to end ends it. */
static int wait_for(pid_t pid, const sigset_t *set, struct err *err)
{
	int status, asked = 0;

	for (;;) {
		int signal = sigwaitinfo(set, NULL);
		pid_t got;

		if (signal > 0 && signal != SIGCHLD) {
			asked = signal;
			kill(pid, SIGKILL);
		}
		got = waitpid(pid, &status, WNOHANG);
		if (got < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for the build");
		if (got == pid)
			break;
	}
	if (WIFSIGNALED(status))
		return 128 + (asked ? asked : WTERMSIG(status));
	return WEXITSTATUS(status);
}

int supervise(int (*work)(void *arg), void *arg, struct err *err)
{
	sigset_t set, old;
	own_fd int go = -1, come = -1, ours = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
	int fds[2], status;
	pid_t pid;

	if (ours < 0)
		return err_errno(err, "cannot open '/proc/self/ns/pid'");

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	come = fds[0];
	go = fds[1];
	if (unshare(CLONE_NEWPID) < 0)
		return err_errno(err, "cannot make a process namespace");
	fflush(NULL);
	block_signals(&set, &old);
	pid = fork();
	if (pid < 0)
		return err_errno(err, "cannot start the build's process");
	if (pid == 0) {
		close(go);
		child(come, work, arg, &old);
	}
	/*
	 * What we start afterwards is not to be in that namespace, which is gone by then. In a user
	 * namespace there is no way back: nothing can be started then, and nothing is.
	 */
	if ((setns(ours, CLONE_NEWPID) < 0 && errno != EPERM) || write(go, "", 1) != 1) {
		status = errno;
		kill(pid, SIGKILL);
		wait_for(pid, &set, err);
		errno = status;
		return err_errno(err, "cannot let the build's process begin");
	}
	status = wait_for(pid, &set, err);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}
