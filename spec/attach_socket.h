/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two ends of the attach protocol (spec/attach.h). The monitor has one, and whoever attaches,
 * in whatever room, the other: so they are here, beside the frames.
 */
#ifndef KIST_SPEC_ATTACH_SOCKET_H
#define KIST_SPEC_ATTACH_SOCKET_H

#include "spec/attach.h"

#define ATTACH_SOCKET   "attach.sock"
#define ATTACH_WAITING  ".waiting"
#define ATTACH_NAME_MAX 40

/*
 * Send one frame as one packet, without blocking and without SIGPIPE. Returns 0, -EAGAIN when the
 * other side does not read, or another -errno when it is gone.
 */
int attach_send(int socket, enum attach_type type, const void *content, size_t len);

/*
 * Listen on, or connect to, ATTACH_SOCKET in the directory dirfd, however long its path is.
 * attach_listen() replaces a socket that a dead monitor left. Both return a descriptor with
 * O_NONBLOCK, which the caller closes.
 */
int attach_listen(int dirfd, struct err *err);
int attach_connect(int dirfd, struct err *err);

/*
 * Wait for the next monitor in the directory dirfd: the socket that is returned is accepted from,
 * then closed. name gets its name there, which the caller unlinks.
 */
int attach_wait(int dirfd, char name[ATTACH_NAME_MAX], struct err *err);

/*
 * The monitor's side: connect to everyone who waits in the directory dirfd, and take the names
 * away. found() gets the connection, with O_NONBLOCK, which it then owns. Those who have gone are
 * passed over.
 */
int attach_call_waiting(
	int dirfd, void (*found)(void *arg, int socket), void *arg, struct err *err);

#endif
