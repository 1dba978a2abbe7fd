/* SPDX-License-Identifier: Apache-2.0 */
/* attach, resize: a client takes part in a container's input and output. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/api/router.h"
#include "engine/api/streams.h"
#include "engine/verb/join.h"
#include "engine/verb/subject.h"
#include "engine/verb/verb.h"
#include "lib/detach_keys.h"
#include "lib/io.h"
#include "lib/own.h"
#include "spec/attach_socket.h"

#define CLOSE_MS 5000 /* a monitor that is stopped by a debugger holds up nobody for ever */

/* One client, from its request on. */
struct attached {
	int client;  /* its socket, or the pipe of an answer that only writes */
	int monitor; /* the attach protocol's */
	bool reads;  /* it may still send input */
	bool input, out, error, once, multiplexed;
	struct detach_keys keys;
	struct buf pending; /* of its input, on the way to the monitor */
	bool at_end;        /* its input has ended, and is told so after what is pending */
	bool done;
};

static int from_monitor(struct attached *a, struct err *err)
{
	unsigned char packet[ATTACH_PACKET_MAX];
	ssize_t n = recv(a->monitor, packet, sizeof(packet), 0);
	struct attach_frame f;

	if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNRESET))
		return 0;
	if (n <= 0) {
		a->done = true;
		return 0;
	}
	if (attach_parse(packet, (size_t)n, ATTACH_FROM_MONITOR, &f, err) < 0)
		return -err->code;
	switch (f.type) {
	case ATTACH_HELLO:
		a->reads = a->reads && (f.value & ATTACH_HAS_STDIN);
		return 0;
	case ATTACH_EXIT:
		a->done = true;
		return 0;
	case ATTACH_STDOUT:
		return a->out ? stream_write(a->client, a->multiplexed, SINK_STDOUT, f.content,
					f.len, err)
			      : 0;
	case ATTACH_STDERR:
		return a->error ? stream_write(a->client, a->multiplexed, SINK_STDERR, f.content,
					  f.len, err)
				: 0;
	default:
		return 0; /* ERROR: input is not wanted */
	}
}

/* What the client typed, but for the keys by which it leaves. */
static void take_input(struct attached *a, const char *bytes, size_t len)
{
	if (detach_keys_typed(&a->keys, (const unsigned char *)bytes, len, &a->pending))
		a->done = true;
}

static void from_client(struct attached *a)
{
	char bytes[16384];
	ssize_t n = read(a->client, bytes, sizeof(bytes));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		a->reads = false;
		a->at_end = true;
		return;
	}
	take_input(a, bytes, (size_t)n);
}

/* Returns 0, also when the monitor takes no more for now. */
static int to_monitor(struct attached *a)
{
	size_t len = a->pending.len < ATTACH_CONTENT_MAX ? a->pending.len : ATTACH_CONTENT_MAX;
	int r;

	if (len) {
		r = attach_send(a->monitor, ATTACH_STDIN, a->pending.data, len);
		if (r == 0) {
			memmove(a->pending.data, a->pending.data + len, a->pending.len - len);
			a->pending.len -= len;
		}
		return r == -EAGAIN ? 0 : r;
	}
	if (!a->at_end)
		return 0;
	/* a container without StdinOnce waits for the next client's input */
	r = a->once ? attach_send(a->monitor, ATTACH_EOF, NULL, 0) : 0;
	if (r != -EAGAIN)
		a->at_end = false;
	return r == -EAGAIN ? 0 : r;
}

static int take_part(struct attached *a, struct err *err)
{
	int r = 0;

	while (!a->done && r == 0) {
		bool owes = a->pending.len || a->at_end;
		struct pollfd p[2] = {
			{.fd = a->monitor, .events = (short)(POLLIN | (owes ? POLLOUT : 0))},
			{.fd = a->client, .events = a->reads && !owes ? POLLIN : 0}};

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return err_errno(err, "cannot wait for a container");
		if (p[0].revents & (POLLIN | POLLHUP | POLLERR))
			r = from_monitor(a, err);
		if (r == 0 && (p[0].revents & POLLOUT) && to_monitor(a) < 0)
			a->pending.len = 0, a->at_end = false; /* nobody takes it any more */
		if (p[1].revents & POLLIN)
			from_client(a);
		else if (p[1].revents & (POLLHUP | POLLERR))
			a->done = true;
	}
	if (a->done)
		attach_send(a->monitor, ATTACH_DETACH, NULL, 0);
	return r;
}

/* The log so far, for "logs=1". */
static int send_log(struct call *call, const struct attached *a, struct err *err)
{
	const struct logs_request rq = {.container = call->name};

	call->skip_stdout = !a->out;
	call->skip_stderr = !a->error;
	call->stream_fd = a->client;
	call->multiplexed = a->multiplexed;
	return verb_logs(&call->engine, &rq, &call->sink, err);
}

static int begin(struct call *call, struct attached *a, const char **early, size_t *early_len,
	struct err *err)
{
	const char *type = stream_type(call, a->multiplexed);

	*early_len = 0;
	if (call->request->upgrade)
		return answer_hijack(call->request, type, early, early_len, err);
	if (a->input)
		return err_set(err, EPROTO,
			"stdin: the request must offer its connection (\"Connection: Upgrade\", "
			"\"Upgrade: tcp\")");
	return answer_stream(call->request, 200, type, err);
}

int api_container_attach(struct call *call, struct err *err)
{
	struct request *rq = call->request;
	const char *keys = request_query(rq, "detachKeys"), *early = "";
	struct attached a = {.input = request_query_bool(rq, "stdin", false),
		.out = request_query_bool(rq, "stdout", false),
		.error = request_query_bool(rq, "stderr", false)};
	bool stream = request_query_bool(rq, "stream", false);
	own_subject struct subject s = {0};
	own_join struct join join = JOIN_INIT;
	size_t early_len;
	int r;

	if (detach_keys_parse(keys && *keys ? keys : DETACH_KEYS_DEFAULT, &a.keys, err) < 0)
		return err_wrap(err, "detachKeys");
	r = subject_find(&call->engine, call->name, 0, &s, err);
	if (r == 0 && s.state.status == STATUS_PAUSED)
		r = err_set(err, E_IN_USE, "container %s is paused, unpause it first", call->name);
	if (r == 0 && stream)
		r = join_begin(&join, &call->engine, s.id, err);
	if (r < 0)
		return r;
	a.multiplexed = !s.docker.config.tty;
	a.once = s.docker.config.stdin_once;
	a.reads = a.input && s.docker.config.open_stdin;
	a.client = begin(call, &a, &early, &early_len, err);
	if (a.client < 0)
		return a.client;
	r = request_query_bool(rq, "logs", false) ? send_log(call, &a, err) : 0;
	if (r == 0 && stream)
		r = join_wait_start(&join, err);
	if (r == 0 && stream) {
		a.monitor = join.socket;
		take_input(&a, early, a.reads ? early_len : 0);
		r = take_part(&a, err);
	}
	buf_release(&a.pending);
	return r;
}

/* Until the monitor has read all and closed: it does not hear one who has gone before. */
static void wait_closed(int socket)
{
	unsigned char packet[ATTACH_PACKET_MAX];
	struct pollfd p = {.fd = socket, .events = POLLIN};
	ssize_t n;

	do {
		if (poll(&p, 1, CLOSE_MS) <= 0)
			return;
		n = recv(socket, packet, sizeof(packet), 0);
	} while (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
}

int api_container_resize(struct call *call, struct err *err)
{
	own_subject struct subject s = {0};
	own_join struct join join = JOIN_INIT;
	int64_t h, w;
	unsigned char size[4];

	if (api_query_int(call, "h", -1, &h, err) < 0 ||
		api_query_int(call, "w", -1, &w, err) < 0 ||
		subject_find(&call->engine, call->name, 0, &s, err) < 0)
		return -err->code;
	if (h < 0 || h > UINT16_MAX || w < 0 || w > UINT16_MAX)
		return err_set(err, EINVAL, "h and w: a terminal's size is needed");
	if (!subject_runs(&s))
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	if (join_begin(&join, &call->engine, s.id, err) < 0)
		return -err->code;
	if (join.socket < 0)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	size[0] = (unsigned char)(h >> 8);
	size[1] = (unsigned char)h;
	size[2] = (unsigned char)(w >> 8);
	size[3] = (unsigned char)w;
	if (attach_send(join.socket, ATTACH_QUIET, NULL, 0) < 0 ||
		attach_send(join.socket, ATTACH_RESIZE, size, sizeof(size)) < 0 ||
		attach_send(join.socket, ATTACH_DETACH, NULL, 0) < 0)
		return err_set(err, E_NOT_RUNNING, "container %s is not running", s.id);
	wait_closed(join.socket);
	answer_text(call->request, 200, NULL, "", 0);
	return 0;
}
