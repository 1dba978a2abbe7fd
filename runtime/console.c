/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/own.h"
#include "lib/socket.h"

int console_listen(int dirfd, const char *name, struct err *err)
{
	return socket_listen(dirfd, name, SOCK_STREAM, 0600, err);
}

int console_connect(const char *path, struct err *err)
{
	return socket_connect(AT_FDCWD, path, SOCK_STREAM, err);
}

union fd_message {
	struct cmsghdr header;
	char space[CMSG_SPACE(sizeof(int))];
};

int console_send(int sock, int master, const char *name, struct err *err)
{
	struct iovec iov = {.iov_base = (void *)name, .iov_len = strlen(name)};
	union fd_message control = {0};
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	ssize_t n;

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &master, sizeof(int));
	do {
		n = sendmsg(sock, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? err_errno(err, "cannot send the terminal over the console socket") : 0;
}

/* The descriptor in a received message; any more than the one expected are closed. */
static int take_fd(struct msghdr *msg)
{
	int found = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (found < 0)
				found = fd;
			else
				close(fd);
		}
	}
	return found;
}

int console_receive(int sock, char name[CONSOLE_NAME_MAX], struct err *err)
{
	char text[CONSOLE_NAME_MAX] = "";
	struct iovec iov = {.iov_base = text, .iov_len = sizeof(text) - 1};
	union fd_message control = {0};
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control)};
	ssize_t n;
	int fd;

	do {
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_errno(err, "cannot receive the terminal");
	fd = take_fd(&msg);
	if (fd < 0)
		return err_set(err, E_CHILD, "no terminal came over the console socket");
	if (name)
		memcpy(name, text, CONSOLE_NAME_MAX);
	return fd;
}

int console_accept(int listener, char name[CONSOLE_NAME_MAX], struct err *err)
{
	own_fd int sock = -1;

	do {
		sock = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	} while (sock < 0 && errno == EINTR);
	if (sock < 0)
		return err_errno(err, "cannot accept on the console socket");
	return console_receive(sock, name, err);
}

int console_open(int dirfd, const char *ptmx, int *slave, unsigned *number, struct err *err)
{
	own_fd int master = openat(dirfd, ptmx, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
	int unlocked = 0, peer;

	if (master < 0)
		return err_errno(err, "cannot open a terminal in the container's /dev/pts");
	if (ioctl(master, TIOCSPTLCK, &unlocked) < 0 || ioctl(master, TIOCGPTN, number) < 0)
		return err_errno(err, "cannot set up the container's terminal");
	peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (peer < 0)
		return err_errno(err, "cannot open the container's terminal");
	*slave = peer;
	return give_fd(master);
}

int console_raw(int fd, struct termios *saved, struct err *err)
{
	struct termios raw;

	if (tcgetattr(fd, saved) < 0)
		return err_errno(err, "cannot read the terminal's settings");
	raw = *saved;
	cfmakeraw(&raw);
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return err_errno(err, "cannot put the terminal into raw mode");
	return 0;
}

void console_plain_lines(int master)
{
	struct termios t;

	if (tcgetattr(master, &t) < 0)
		return;
	t.c_oflag &= ~(tcflag_t)ONLCR;
	tcsetattr(master, TCSANOW, &t);
}

int console_copy_size(int from, int to)
{
	struct winsize size;

	if (ioctl(from, TIOCGWINSZ, &size) < 0 || ioctl(to, TIOCSWINSZ, &size) < 0)
		return -errno;
	return 0;
}

int console_set_size(int fd, unsigned rows, unsigned columns)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	return ioctl(fd, TIOCSWINSZ, &size) < 0 ? -errno : 0;
}

void console_proxy_init(struct console_proxy *p, int in, int out, int master)
{
	memset(p, 0, sizeof(*p));
	p->in = in;
	p->out = out;
	p->master = master;
	p->in_open = in >= 0;
	p->master_open = true;
	fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK);
}

void console_proxy_poll(const struct console_proxy *p, struct pollfd pfds[CONSOLE_PROXY_FDS])
{
	short master = 0;

	if (p->master_open && !p->to_out.len)
		master |= POLLIN;
	if (p->master_open && p->to_master.len)
		master |= POLLOUT;
	pfds[0] = (struct pollfd){
		.fd = p->in_open && !p->to_master.len ? p->in : -1, .events = POLLIN};
	pfds[1] = (struct pollfd){.fd = p->to_out.len ? p->out : -1, .events = POLLOUT};
	pfds[2] = (struct pollfd){.fd = master ? p->master : -1, .events = master};
}

static bool transient(ssize_t n)
{
	return n < 0 && (errno == EINTR || errno == EAGAIN);
}

static void read_input(struct console_proxy *p)
{
	ssize_t n = read(p->in, p->to_master.data, sizeof(p->to_master.data));

	if (n > 0) {
		p->to_master.start = 0;
		p->to_master.len = (size_t)n;
	} else if (!transient(n)) {
		p->in_open = false;
	}
}

/* EIO is how a master says that the last slave was closed. */
static void read_master(struct console_proxy *p)
{
	ssize_t n = read(p->master, p->to_out.data, sizeof(p->to_out.data));

	if (n > 0) {
		p->to_out.start = 0;
		p->to_out.len = (size_t)n;
	} else if (!transient(n)) {
		p->master_open = false;
	}
}

int console_proxy_step(struct console_proxy *p, const struct pollfd pfds[CONSOLE_PROXY_FDS])
{
	ssize_t n;

	if (pfds[1].fd >= 0 && pfds[1].revents) {
		n = write(p->out, p->to_out.data + p->to_out.start, p->to_out.len);
		if (n < 0 && !transient(n))
			return -errno;
		if (n > 0) {
			p->to_out.start += (size_t)n;
			p->to_out.len -= (size_t)n;
		}
	}
	if (pfds[2].fd >= 0 && (pfds[2].revents & POLLOUT)) {
		n = write(p->master, p->to_master.data + p->to_master.start, p->to_master.len);
		if (n > 0) {
			p->to_master.start += (size_t)n;
			p->to_master.len -= (size_t)n;
		} else if (!transient(n)) {
			p->to_master.len = 0;
		}
	}
	if (pfds[2].fd >= 0 && (pfds[2].revents & (POLLIN | POLLHUP | POLLERR)) && !p->to_out.len)
		read_master(p);
	if (pfds[0].fd >= 0 && pfds[0].revents)
		read_input(p);
	return 0;
}

bool console_proxy_done(const struct console_proxy *p)
{
	return !p->master_open && !p->to_out.len;
}
