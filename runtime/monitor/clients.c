/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/monitor/clients.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/own.h"
#include "spec/attach_socket.h"

_Static_assert(ATTACH_CLIENTS_MAX <= 32, "a client has a bit of 32");

void clients_init(struct clients *c)
{
	*c = (struct clients){0};
	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++)
		c->fds[i] = -1;
}

uint32_t clients_there(const struct clients *c)
{
	uint32_t there = 0;

	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++)
		if (c->fds[i] >= 0)
			there |= 1u << i;
	return there & ~c->gone;
}

uint32_t clients_listening(const struct clients *c)
{
	return clients_there(c) & ~c->quiet;
}

void clients_hush(struct clients *c, unsigned i)
{
	c->quiet |= 1u << i;
}

void clients_add(struct clients *c, int client, uint8_t features)
{
	static const char full[] = "too many clients are attached to this container";
	own_fd int owned = client;
	unsigned place = 0;

	while (place < ATTACH_CLIENTS_MAX && c->fds[place] >= 0)
		place++;
	if (place == ATTACH_CLIENTS_MAX)
		attach_send(client, ATTACH_ERROR, full, strlen(full));
	else if (attach_send(client, ATTACH_HELLO, &features, 1) == 0)
		c->fds[place] = give_fd(owned);
}

bool clients_accept(struct clients *c, int listener, uint8_t features)
{
	int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (client >= 0)
		clients_add(c, client, features);
	return client >= 0;
}

int clients_send(
	struct clients *c, unsigned i, enum attach_type type, const void *content, size_t len)
{
	int r = attach_send(c->fds[i], type, content, len);

	if (r < 0 && r != -EAGAIN)
		clients_mark(c, i);
	return r;
}

void clients_complain(struct clients *c, unsigned i, const char *text)
{
	clients_send(c, i, ATTACH_ERROR, text, strlen(text));
}

int clients_read(struct clients *c, unsigned i, void *packet, struct attach_frame *frame)
{
	struct iovec part = {packet, ATTACH_PACKET_MAX};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n = recvmsg(c->fds[i], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct err err = {0};

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n > 0 && !(message.msg_flags & MSG_TRUNC)) {
		if (attach_parse(packet, (size_t)n, ATTACH_FROM_CLIENT, frame, &err) == 0)
			return 1;
		clients_complain(c, i, err.msg);
	}
	clients_mark(c, i);
	return 0;
}

void clients_mark(struct clients *c, unsigned i)
{
	c->gone |= 1u << i;
}

void clients_sweep(struct clients *c)
{
	for (unsigned i = 0; c->gone && i < ATTACH_CLIENTS_MAX; i++) {
		if (!(c->gone & 1u << i))
			continue;
		close(c->fds[i]);
		c->fds[i] = -1;
		c->gone &= ~(1u << i);
		c->quiet &= ~(1u << i);
	}
}

void clients_end(struct clients *c, int status)
{
	unsigned char byte = (unsigned char)status;

	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++) {
		if (c->fds[i] < 0)
			continue;
		/* a client that does not read loses the frame, and sees the connection end */
		clients_send(c, i, ATTACH_EXIT, &byte, 1);
		clients_mark(c, i);
	}
	clients_sweep(c);
}
