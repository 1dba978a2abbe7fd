/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/attach_socket.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/socket.h"

int attach_send(int socket, enum attach_type type, const void *content, size_t len)
{
	unsigned char head = (unsigned char)type;
	struct iovec parts[2] = {{&head, 1}, {(void *)content, len}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = len ? 2 : 1};

	while (sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int attach_listen(int dirfd, struct err *err)
{
	if (unlinkat(dirfd, ATTACH_SOCKET, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot replace '" ATTACH_SOCKET "'");
	return socket_listen(dirfd, ATTACH_SOCKET, SOCK_SEQPACKET | SOCK_NONBLOCK, 0600, err);
}

int attach_connect(int dirfd, struct err *err)
{
	return socket_connect(dirfd, ATTACH_SOCKET, SOCK_SEQPACKET | SOCK_NONBLOCK, err);
}

int attach_wait(int dirfd, char name[ATTACH_NAME_MAX], struct err *err)
{
	char random[17];

	io_random_hex(random, 8);
	snprintf(name, ATTACH_NAME_MAX, "%s" ATTACH_WAITING, random);
	return socket_listen(dirfd, name, SOCK_SEQPACKET, 0600, err);
}

static bool is_waiting(const char *name)
{
	size_t len = strlen(name), tail = strlen(ATTACH_WAITING);

	return len > tail && strcmp(name + len - tail, ATTACH_WAITING) == 0;
}

int attach_call_waiting(int dirfd, void (*found)(void *arg, int socket), void *arg, struct err *err)
{
	own_dir DIR *dir = dir_open(dirfd, ".");
	struct dirent *entry;
	struct err ignored; /* nobody waits there any more */
	int r;

	if (!dir)
		return err_errno(err, "cannot look for clients that wait");
	while ((r = dir_next(dir, &entry, err)) > 0) {
		int socket;

		if (!is_waiting(entry->d_name))
			continue;
		socket = socket_connect(
			dirfd, entry->d_name, SOCK_SEQPACKET | SOCK_NONBLOCK, &ignored);
		unlinkat(dirfd, entry->d_name, 0);
		if (socket >= 0)
			found(arg, socket);
	}
	return r < 0 ? err_wrap(err, "cannot look for clients that wait") : 0;
}
