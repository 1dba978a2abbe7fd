/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pseudo-terminals: handing the master over a socket (runc's console socket), raw mode, sizes, and
 * the copying between a terminal and a master that a foreground run does.
 */
#ifndef KIST_RUNTIME_CONSOLE_H
#define KIST_RUNTIME_CONSOLE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "lib/err.h"

#define CONSOLE_NAME_MAX 64

/*
 * A listening AF_UNIX stream socket bound to name in dirfd (also where the whole path would be too
 * long for a socket address). Returns the descriptor; the caller closes it and unlinks the name.
 */
int console_listen(int dirfd, const char *name, struct err *err);

/* Connect to the console socket at path. Returns the descriptor; the caller closes it. */
int console_connect(const char *path, struct err *err);

/* Send the master with the slave's name as the message, as runc does. Both stay the caller's. */
int console_send(int sock, int master, const char *name, struct err *err);

/*
 * Receive a master from a connected socket; name (may be NULL) gets the slave's name in the
 * container. Returns the descriptor; the caller closes it. E_CHILD when the peer closed without.
 */
int console_receive(int sock, char name[CONSOLE_NAME_MAX], struct err *err);

/* Accept one connection on console_listen()'s socket and receive from it. */
int console_accept(int listener, char name[CONSOLE_NAME_MAX], struct err *err);

/*
 * A new pair from the devpts whose ptmx is opened at ptmx beneath dirfd ("ptmx"). *slave gets the
 * other end, opened through the master (TIOCGPTPEER: no path is followed), number the N of
 * /dev/pts/N. Returns the master; the caller closes both.
 */
int console_open(int dirfd, const char *ptmx, int *slave, unsigned *number, struct err *err);

/* Raw mode with the old settings in *saved for tcsetattr(). Returns 0. */
int console_raw(int fd, struct termios *saved, struct err *err);

/* A line feed that is written to the slave comes out of the master alone, without a CR before it.
 */
void console_plain_lines(int master);

/* Rows and columns of one terminal become those of another. 0, or -errno when one is no terminal.
 */
int console_copy_size(int from, int to);
int console_set_size(int fd, unsigned rows, unsigned columns);

/*
 * Copies between (in, out) and a master, one readiness at a time, so that the caller's poll() can
 * hold more than it. All descriptors are borrowed; the master becomes non-blocking.
 */
struct console_proxy {
	int in, out, master;
	bool in_open, master_open;
	struct {
		char data[4096];
		size_t start, len;
	} to_master, to_out;
};

void console_proxy_init(struct console_proxy *p, int in, int out, int master);

#define CONSOLE_PROXY_FDS 3

/* Fill pfds with what to wait for; unused ones get fd -1. */
void console_proxy_poll(const struct console_proxy *p, struct pollfd pfds[CONSOLE_PROXY_FDS]);

/* Do what poll() said is possible. Returns 0, or -errno when the output is gone. */
int console_proxy_step(struct console_proxy *p, const struct pollfd pfds[CONSOLE_PROXY_FDS]);

/* The master has ended and its last bytes are written. */
bool console_proxy_done(const struct console_proxy *p);

#endif
