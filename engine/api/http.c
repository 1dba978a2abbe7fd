/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/api/http.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/io.h"
#include "lib/own.h"

/* Of a whole request, headers and body, from when one may begin; and between two of them. */
#define REQUEST_SECONDS 60
#define IDLE_SECONDS    300

enum answer_kind { ANSWER_NONE, ANSWER_WHOLE, ANSWER_STREAM, ANSWER_HIJACK };

/* One request from its first header to the end of its answer. */
struct exchange {
	struct request request; /* first: handlers know nothing else */
	struct MHD_Connection *connection;
	struct buf body;
	bool too_large, started, ended;
	pthread_t worker;
	/* all below is guarded by http->lock */
	enum answer_kind kind;
	unsigned status;
	const char *type;
	struct buf text;
	struct strv headers;
	int pipe[2];
	/* the connection after the upgrade */
	int socket;
	bool socket_here;
	struct MHD_UpgradeResponseHandle *upgraded;
	const char *early;
	size_t early_len;
};

struct http {
	struct MHD_Daemon *daemon;
	http_handler *handler;
	void *arg;
	int fd;   /* the connection: polled for its end alone */
	int wake; /* an eventfd: something below has changed */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct exchange *current;
	bool closed;      /* the connection has come to its end */
	bool abandonable; /* see request_abandonable() */
	time_t deadline;  /* CLOCK_MONOTONIC; 0: none */
};

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static struct exchange *exchange_of(const struct request *rq)
{
	return (struct exchange *)rq;
}

static void wake(struct http *h)
{
	const uint64_t one = 1;

	/* it can only fail when nobody has read 2^64 of them */
	if (write(h->wake, &one, sizeof(one)) < 0)
		return;
}

/* ---- what handlers call ---- */

const char *request_query(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(
		exchange_of(rq)->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct all_values {
	struct request *request;
	const char *name;
	struct strings *values;
};

static enum MHD_Result add_value(
	void *arg, enum MHD_ValueKind kind, const char *key, const char *value)
{
	const struct all_values *all = arg;

	(void)kind;
	if (strcmp(key, all->name) == 0 && value && *value)
		strings_add(&all->request->arena, all->values, value);
	return MHD_YES;
}

void request_query_all(struct request *rq, const char *name, struct strings *values)
{
	struct all_values all = {rq, name, values};

	MHD_get_connection_values(
		exchange_of(rq)->connection, MHD_GET_ARGUMENT_KIND, add_value, &all);
}

bool request_query_bool(const struct request *rq, const char *name, bool usual)
{
	static const char *const no[] = {"", "0", "no", "false", "none"};
	const char *value = request_query(rq, name);

	if (!value)
		return usual;
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (strcasecmp(value, no[i]) == 0)
			return false;
	return true;
}

const char *request_header(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(exchange_of(rq)->connection, MHD_HEADER_KIND, name);
}

bool answered(const struct request *rq)
{
	return exchange_of(rq)->kind != ANSWER_NONE;
}

/* The kind is known, and with it all that libmicrohttpd's thread needs. */
static void decide(struct exchange *x, enum answer_kind kind)
{
	struct http *h = x->request.http;

	pthread_mutex_lock(&h->lock);
	x->kind = kind;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
}

void answer_header(struct request *rq, const char *name, const char *value)
{
	strv_add_many(&exchange_of(rq)->headers, name, value, NULL);
}

void answer_text(
	struct request *rq, unsigned status, const char *type, const char *text, size_t len)
{
	struct exchange *x = exchange_of(rq);

	x->status = status;
	x->type = type;
	buf_add(&x->text, text, len);
	decide(x, ANSWER_WHOLE);
}

void answer_json(struct request *rq, unsigned status, const struct json *document)
{
	own_buf struct buf text = {0};

	json_write(document, JSON_COMPACT, &text);
	buf_addc(&text, '\n');
	answer_text(rq, status, "application/json", text.data, text.len);
}

int answer_stream(struct request *rq, unsigned status, const char *type, struct err *err)
{
	struct exchange *x = exchange_of(rq);

	if (pipe2(x->pipe, O_CLOEXEC) < 0)
		return err_errno(err, "cannot make a pipe");
	x->status = status;
	x->type = type;
	decide(x, ANSWER_STREAM);
	return x->pipe[1];
}

int answer_hijack(struct request *rq, const char *type, const char **early, size_t *early_len,
	struct err *err)
{
	struct exchange *x = exchange_of(rq);
	struct http *h = rq->http;

	if (!rq->upgrade)
		return err_set(err, EPROTO,
			"the request must offer its connection (\"Connection: Upgrade\", \"Upgrade: "
			"tcp\")");
	x->type = type;
	decide(x, ANSWER_HIJACK);
	pthread_mutex_lock(&h->lock);
	while (!x->socket_here && !h->closed)
		pthread_cond_wait(&h->changed, &h->lock);
	pthread_mutex_unlock(&h->lock);
	if (!x->socket_here)
		return err_set(err, EPIPE, "the client has gone");
	*early = x->early;
	*early_len = x->early_len;
	return x->socket;
}

void request_abandonable(struct request *rq)
{
	struct http *h = rq->http;

	pthread_mutex_lock(&h->lock);
	h->abandonable = true;
	pthread_mutex_unlock(&h->lock);
	wake(h);
}

/* ---- the handler's thread ---- */

static void *work(void *arg)
{
	struct exchange *x = arg;
	struct http *h = x->request.http;

	h->handler(&x->request, h->arg);
	if (x->kind == ANSWER_NONE)
		answer_text(&x->request, MHD_HTTP_NO_CONTENT, NULL, "", 0);
	if (x->kind == ANSWER_STREAM)
		close(give_fd(x->pipe[1]));
	pthread_mutex_lock(&h->lock);
	x->ended = true;
	h->abandonable = false;
	if (x->upgraded) {
		/* what was sent reaches the other side before the end does */
		shutdown(x->socket, SHUT_WR);
		MHD_upgrade_action(x->upgraded, MHD_UPGRADE_ACTION_CLOSE);
		x->upgraded = NULL;
		h->closed = true;
	}
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
	wake(h);
	return NULL;
}

/* ---- libmicrohttpd's thread ---- */

static struct exchange *exchange_new(
	struct http *h, struct MHD_Connection *connection, const char *method, const char *path)
{
	struct exchange *x = xcalloc(1, sizeof(*x));
	const char *upgrade;

	*x = (struct exchange){
		.connection = connection, .pipe = {-1, -1}, .socket = -1, .request.http = h};
	x->request.method = arena_strdup(&x->request.arena, method);
	x->request.path = arena_strdup(&x->request.arena, path);
	upgrade = request_header(&x->request, MHD_HTTP_HEADER_UPGRADE);
	x->request.upgrade = upgrade && strcasecmp(upgrade, "tcp") == 0;
	/* a handler takes its time: the connection may be silent as long */
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0);
	return x;
}

static void exchange_free(struct exchange *x)
{
	own_fd_release(&x->pipe[0]);
	own_fd_release(&x->pipe[1]);
	buf_release(&x->body);
	buf_release(&x->text);
	strv_release(&x->headers);
	arena_release(&x->request.arena);
	free(x);
}

static void on_upgrade(void *cls, struct MHD_Connection *connection, void *con_cls,
	const char *extra, size_t extra_len, MHD_socket sock,
	struct MHD_UpgradeResponseHandle *upgraded)
{
	struct exchange *x = con_cls;
	struct http *h = cls;
	int flags = fcntl(sock, F_GETFL);

	(void)connection;
	if (flags >= 0)
		fcntl(sock, F_SETFL, flags & ~O_NONBLOCK);
	pthread_mutex_lock(&h->lock);
	x->early = arena_strndup(&x->request.arena, extra ? extra : "", extra_len);
	x->early_len = extra_len;
	x->socket = sock;
	x->upgraded = upgraded;
	x->socket_here = true;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
}

static enum MHD_Result queue_answer(struct exchange *x)
{
	struct http *h = x->request.http;
	struct MHD_Response *r = NULL;
	enum MHD_Result result;

	switch (x->kind) {
	case ANSWER_HIJACK:
		r = MHD_create_response_for_upgrade(on_upgrade, h);
		x->status = MHD_HTTP_SWITCHING_PROTOCOLS;
		break;
	case ANSWER_STREAM:
		r = MHD_create_response_from_pipe(x->pipe[0]);
		break;
	case ANSWER_WHOLE:
	case ANSWER_NONE:
		r = MHD_create_response_from_buffer(
			x->text.len, (void *)buf_str(&x->text), MHD_RESPMEM_MUST_COPY);
		break;
	}
	if (!r)
		return MHD_NO;
	if (x->kind == ANSWER_STREAM)
		x->pipe[0] = -1; /* the response's now */
	if (x->kind == ANSWER_HIJACK)
		MHD_add_response_header(r, MHD_HTTP_HEADER_UPGRADE, "tcp");
	if (x->type)
		MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, x->type);
	for (size_t i = 0; i + 1 < x->headers.count; i += 2)
		MHD_add_response_header(r, x->headers.items[i], x->headers.items[i + 1]);
	result = MHD_queue_response(x->connection, x->status, r);
	MHD_destroy_response(r);
	return result;
}

static void set_deadline(struct http *h, time_t seconds)
{
	pthread_mutex_lock(&h->lock);
	h->deadline = seconds ? now() + seconds : 0;
	pthread_mutex_unlock(&h->lock);
	wake(h);
}

static enum MHD_Result refuse_body(struct exchange *x)
{
	static const char too_large[] = "{\"message\":\"the request's body is too large\"}\n";

	answer_text(&x->request, MHD_HTTP_CONTENT_TOO_LARGE, "application/json", too_large,
		strlen(too_large));
	return queue_answer(x);
}

/* One that says beforehand that it is too long is not read. */
static bool says_too_large(const struct request *rq)
{
	const char *length = request_header(rq, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return length && strtoull(length, NULL, 10) > HTTP_BODY_MAX;
}

/* The request is whole: its handler begins, and we wait until it knows the answer's beginning. */
static enum MHD_Result answer(struct http *h, struct exchange *x)
{
	set_deadline(h, 0);
	if (x->too_large)
		return refuse_body(x);
	x->request.body = buf_str(&x->body);
	x->request.body_len = x->body.len;
	pthread_mutex_lock(&h->lock);
	h->current = x;
	pthread_mutex_unlock(&h->lock);
	if (pthread_create(&x->worker, NULL, work, x) != 0)
		return MHD_NO;
	x->started = true;
	pthread_mutex_lock(&h->lock);
	while (x->kind == ANSWER_NONE)
		pthread_cond_wait(&h->changed, &h->lock);
	pthread_mutex_unlock(&h->lock);
	return queue_answer(x);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *upload, size_t *upload_len,
	void **con_cls)
{
	struct http *h = cls;
	struct exchange *x = *con_cls;

	(void)version;
	if (!x) {
		*con_cls = x = exchange_new(h, connection, method, path);
		set_deadline(h, REQUEST_SECONDS);
		return says_too_large(&x->request) ? refuse_body(x) : MHD_YES;
	}
	if (*upload_len) {
		if (x->body.len + *upload_len > HTTP_BODY_MAX)
			x->too_large = true;
		else
			buf_add(&x->body, upload, *upload_len);
		*upload_len = 0;
		return MHD_YES;
	}
	return answer(h, x);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
	enum MHD_RequestTerminationCode why)
{
	struct http *h = cls;
	struct exchange *x = *con_cls;

	(void)connection;
	(void)why;
	*con_cls = NULL;
	if (!x)
		return;
	if (x->started)
		pthread_join(x->worker, NULL);
	pthread_mutex_lock(&h->lock);
	h->current = NULL;
	pthread_mutex_unlock(&h->lock);
	exchange_free(x);
	set_deadline(h, IDLE_SECONDS);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct http *h = cls;

	(void)connection;
	(void)context;
	if (what != MHD_CONNECTION_NOTIFY_CLOSED)
		return;
	pthread_mutex_lock(&h->lock);
	h->closed = true;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
	wake(h);
}

/* ---- the first thread: it looks after the connection's end ---- */

/*
 * Returns true when nothing is left to do. A client that has gone (both directions: POLLHUP) is
 * nobody's for a handler that only waits; anything else is brought to its end.
 */
static bool at_end(struct http *h, bool gone, int *timeout_ms)
{
	bool end;

	pthread_mutex_lock(&h->lock);
	end = h->closed || (gone && h->abandonable) || (h->deadline && now() >= h->deadline);
	*timeout_ms = h->deadline ? (int)(h->deadline - now()) * 1000 : -1;
	pthread_mutex_unlock(&h->lock);
	return end;
}

static int watch(struct http *h, struct err *err)
{
	struct pollfd p[2] = {{.fd = h->fd, .events = 0}, {.fd = h->wake, .events = POLLIN}};
	int timeout_ms = -1;
	uint64_t count;

	while (!at_end(h, p[0].fd < 0, &timeout_ms)) {
		if (poll(p, 2, timeout_ms) < 0 && errno != EINTR)
			return err_errno(err, "cannot watch the connection");
		if (p[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			p[0].fd = -1;
		if ((p[1].revents & POLLIN) && read(h->wake, &count, sizeof(count)) < 0)
			return err_errno(err, "cannot watch the connection");
	}
	return 0;
}

int http_serve(int fd, http_handler *handler, void *arg, struct err *err)
{
	own_fd int watched = fcntl(fd, F_DUPFD_CLOEXEC, 3), waker = eventfd(0, EFD_CLOEXEC);
	struct http h = {.handler = handler,
		.arg = arg,
		.fd = watched,
		.wake = waker,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.deadline = now() + REQUEST_SECONDS};
	struct sockaddr_storage address = {.ss_family = AF_UNIX};
	int r;

	if (watched < 0 || waker < 0)
		return err_errno(err, "cannot watch the connection");
	h.daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_NO_LISTEN_SOCKET |
			MHD_USE_ITC | MHD_ALLOW_UPGRADE,
		0, NULL, NULL, on_request, &h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, &h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, &h, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)HTTP_HEADER_MAX, MHD_OPTION_CONNECTION_LIMIT, 1u, MHD_OPTION_END);
	if (!h.daemon)
		return err_set(err, ENOMEM, "cannot start to serve HTTP");
	if (MHD_add_connection(h.daemon, fd, (struct sockaddr *)&address, sizeof(sa_family_t)) !=
		MHD_YES)
		return err_errno(err, "cannot serve the connection");
	r = watch(&h, err);
	/*
	 * Not MHD_stop_daemon(): it would wait for a handler that nobody needs any more. The
	 * process ends now, and the kernel closes what is left.
	 */
	return r;
}
