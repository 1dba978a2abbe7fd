/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/attach.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/own.h"

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

/* sun_path holds 108 bytes and a container's directory may be longer: go through the descriptor. */
static int open_socket(int dirfd, struct sockaddr_un *address, struct err *err)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_errno(err, "cannot make a socket");
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "/proc/self/fd/%d/" ATTACH_SOCKET,
		dirfd);
	return fd;
}

int attach_listen(int dirfd, struct err *err)
{
	struct sockaddr_un address;
	own_fd int fd = open_socket(dirfd, &address, err);
	mode_t mask;
	int r;

	if (fd < 0)
		return fd;
	if (unlinkat(dirfd, ATTACH_SOCKET, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot replace '" ATTACH_SOCKET "'");
	mask = umask(0177);
	r = bind(fd, (struct sockaddr *)&address, sizeof(address));
	umask(mask);
	if (r < 0 || listen(fd, ATTACH_CLIENTS_MAX) < 0)
		return err_errno(err, "cannot listen on '" ATTACH_SOCKET "'");
	return give_fd(fd);
}

int attach_connect(int dirfd, struct err *err)
{
	struct sockaddr_un address;
	own_fd int fd = open_socket(dirfd, &address, err);

	if (fd < 0)
		return fd;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return err_errno(err, "cannot connect to '" ATTACH_SOCKET "'");
	return give_fd(fd);
}
