/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/sync.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "runtime/foreground.h"

struct message {
	int32_t kind;
	int32_t pid;
	struct err error;
};

#define SHORT (2 * sizeof(int32_t)) /* a message without an error */

static int transmit(int sock, const struct message *m, size_t len)
{
	ssize_t n;

	do {
		n = send(sock, m, len, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

int sync_send(int sock, enum sync_kind kind, int32_t pid, struct err *err)
{
	struct message m = {.kind = (int32_t)kind, .pid = pid};

	if (transmit(sock, &m, SHORT) < 0) {
		if (errno == EPIPE || errno == ECONNRESET)
			return err_set(err, E_CHILD, "the other process of the runtime has ended");
		return err_errno(err, "cannot speak with the other process of the runtime");
	}
	return 0;
}

void sync_send_error(int sock, const struct err *why)
{
	struct message m = {.kind = SYNC_ERROR, .error = *why};

	transmit(sock, &m, sizeof(m));
}

static int receive(int sock, int flags, int32_t *pid, struct err *err)
{
	struct message m;
	ssize_t n;

	do {
		n = recv(sock, &m, sizeof(m), flags);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno != ECONNRESET)
		return err_errno(err, "cannot hear the other process of the runtime");
	if (n < (ssize_t)SHORT)
		return err_set(err, E_CHILD, "the other process of the runtime has ended");
	if (m.kind == SYNC_ERROR && n == sizeof(m)) {
		m.error.msg[sizeof(m.error.msg) - 1] = '\0';
		*err = m.error;
		return -m.error.code;
	}
	if (pid)
		*pid = m.pid;
	return m.kind;
}

int sync_receive(int sock, struct interrupts *interrupts, int32_t *pid, struct err *err)
{
	if (interrupts && interrupts_wait(interrupts, sock, err) < 0)
		return -err->code;
	return receive(sock, 0, pid, err);
}

bool sync_error_waits(int sock, struct err *err)
{
	struct err theirs = {0};

	if (receive(sock, MSG_DONTWAIT, NULL, &theirs) >= 0 || theirs.code == E_CHILD ||
		theirs.code == EAGAIN)
		return false;
	*err = theirs;
	return true;
}

int sync_expect(
	int sock, struct interrupts *interrupts, enum sync_kind kind, int32_t *pid, struct err *err)
{
	int got = sync_receive(sock, interrupts, pid, err);

	if (got >= 0 && got != (int)kind)
		return err_set(err, EPROTO, "the runtime's processes do not understand each other");
	return got < 0 ? got : 0;
}
