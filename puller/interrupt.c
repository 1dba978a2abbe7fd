/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/interrupt.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/own.h"

static void signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

static void on_signal(struct http_watch *w, short revents)
{
	struct interrupt *i = w->owner;
	struct signalfd_siginfo info;

	(void)revents;
	if (read(i->fd, &info, sizeof(info)) != sizeof(info))
		return;
	i->signal = (int)info.ssi_signo;
	http_interrupt(i->http);
}

int interrupt_start(struct interrupt *i, struct http *h, struct err *err)
{
	sigset_t set;

	signals(&set);
	*i = (struct interrupt){.http = h, .fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
	if (i->fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_errno(err, "cannot watch for signals");
	i->watch = (struct http_watch){
		.fd = i->fd, .events = POLLIN, .ready = on_signal, .owner = i};
	http_watch_add(h, &i->watch);
	return 0;
}

void interrupt_stop(struct interrupt *i)
{
	if (!i->http)
		return;
	http_watch_remove(i->http, &i->watch);
	i->http = NULL;
	own_fd_release(&i->fd);
}

void interrupt_obey(struct interrupt *i)
{
	sigset_t set;

	signals(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	if (i->signal) {
		signal(i->signal, SIG_DFL);
		raise(i->signal);
	}
}
