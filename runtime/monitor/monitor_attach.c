/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "runtime/console.h"
#include "runtime/monitor/monitor.h"

static int free_place(const struct monitor *m)
{
	for (int i = 0; i < ATTACH_CLIENTS_MAX; i++)
		if (m->clients[i] < 0)
			return i;
	return -1;
}

void monitor_clients_accept(struct monitor *m)
{
	static const char full[] = "too many clients are attached to this container";
	own_fd int client = accept4(m->attach, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	unsigned char features = m->opt->terminal ? ATTACH_HAS_TERMINAL : 0;
	int place = free_place(m);

	if (client < 0)
		return;
	if (place < 0) {
		attach_send(client, ATTACH_ERROR, full, strlen(full));
		return;
	}
	if (m->input.to >= 0)
		features |= ATTACH_HAS_STDIN;
	if (attach_send(client, ATTACH_HELLO, &features, 1) == 0)
		m->clients[place] = give_fd(client);
}

void monitor_client_drop(struct monitor *m, unsigned i)
{
	close(m->clients[i]);
	m->clients[i] = -1;
	for (unsigned k = 0; k < ARRAY_LEN(m->streams); k++)
		m->streams[k].owed &= (uint16_t) ~(1u << i);
}

static void handle(struct monitor *m, unsigned i, const struct attach_frame *f)
{
	static const char no_stdin[] = "this container's stdin does not come from attached clients";

	switch (f->type) {
	case ATTACH_STDIN:
	case ATTACH_EOF:
		if (m->input.to < 0)
			attach_send(m->clients[i], ATTACH_ERROR, no_stdin, strlen(no_stdin));
		else if (f->type == ATTACH_STDIN)
			monitor_input_add(&m->input, f->content, f->len);
		else
			monitor_input_end(&m->input);
		break;
	case ATTACH_RESIZE:
		if (m->opt->terminal && m->streams[0].from >= 0)
			console_set_size(m->streams[0].from, f->rows, f->columns);
		break;
	default: /* DETACH: attach_parse() lets nothing else through */
		monitor_client_drop(m, i);
	}
}

void monitor_client_read(struct monitor *m, unsigned i)
{
	own_mem unsigned char *packet = xmalloc(ATTACH_PACKET_MAX);
	struct iovec part = {packet, ATTACH_PACKET_MAX};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n = recvmsg(m->clients[i], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct attach_frame frame;
	struct err err = {0};

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || (message.msg_flags & MSG_TRUNC)) {
		monitor_client_drop(m, i);
		return;
	}
	if (attach_parse(packet, (size_t)n, ATTACH_FROM_CLIENT, &frame, &err) < 0) {
		attach_send(m->clients[i], ATTACH_ERROR, err.msg, strlen(err.msg));
		monitor_client_drop(m, i);
		return;
	}
	handle(m, i, &frame);
}

void monitor_clients_end(struct monitor *m, int status)
{
	unsigned char byte = (unsigned char)status;

	for (unsigned i = 0; i < ATTACH_CLIENTS_MAX; i++) {
		if (m->clients[i] < 0)
			continue;
		/* a client that does not read loses the frame, and sees the connection end */
		attach_send(m->clients[i], ATTACH_EXIT, &byte, 1);
		monitor_client_drop(m, i);
	}
}
