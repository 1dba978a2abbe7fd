/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/attach.h"

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

/* One row per frame: who sends it, and how much content it has. */
static const struct frame_rule {
	const char *name;
	enum attach_side from;
	size_t min, max;
} rules[] = {
	[ATTACH_STDIN] = {"STDIN", ATTACH_FROM_CLIENT, 1, ATTACH_CONTENT_MAX},
	[ATTACH_STDOUT] = {"STDOUT", ATTACH_FROM_MONITOR, 1, ATTACH_CONTENT_MAX},
	[ATTACH_STDERR] = {"STDERR", ATTACH_FROM_MONITOR, 1, ATTACH_CONTENT_MAX},
	[ATTACH_EOF] = {"EOF", ATTACH_FROM_CLIENT, 0, 0},
	[ATTACH_RESIZE] = {"RESIZE", ATTACH_FROM_CLIENT, 4, 4},
	[ATTACH_DETACH] = {"DETACH", ATTACH_FROM_CLIENT, 0, 0},
	[ATTACH_HELLO] = {"HELLO", ATTACH_FROM_MONITOR, 1, 1},
	[ATTACH_EXIT] = {"EXIT", ATTACH_FROM_MONITOR, 1, 1},
	[ATTACH_ERROR] = {"ERROR", ATTACH_FROM_MONITOR, 0, ATTACH_CONTENT_MAX},
	[ATTACH_QUIET] = {"QUIET", ATTACH_FROM_CLIENT, 0, 0},
};

int attach_parse(const void *packet, size_t len, enum attach_side from, struct attach_frame *frame,
	struct err *err)
{
	const unsigned char *bytes = packet;
	const struct frame_rule *rule;
	struct attach_frame f = {0};

	if (len == 0)
		return err_set(err, E_SYNTAX, "attach: an empty packet");
	if (bytes[0] >= ARRAY_LEN(rules))
		return err_set(err, E_SYNTAX, "attach: unknown frame %u", bytes[0]);
	rule = &rules[bytes[0]];
	if (rule->from != from)
		return err_set(err, E_SYNTAX, "attach: %s frame from the wrong side", rule->name);
	f.type = (enum attach_type)bytes[0];
	f.content = bytes + 1;
	f.len = len - 1;
	if (f.len < rule->min || f.len > rule->max)
		return err_set(err, E_SYNTAX, "attach: %s frame with %zu bytes", rule->name, f.len);
	if (f.type == ATTACH_RESIZE) {
		f.rows = (uint16_t)(bytes[1] << 8 | bytes[2]);
		f.columns = (uint16_t)(bytes[3] << 8 | bytes[4]);
	} else if (f.type == ATTACH_HELLO || f.type == ATTACH_EXIT) {
		f.value = bytes[1];
	}
	*frame = f;
	return 0;
}

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
