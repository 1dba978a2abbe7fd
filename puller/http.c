/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/http.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/http_private.h"

#define CONNECTIONS_MAX 8
#define POLL_MS_MAX     1000
#define WATCHES_MAX     64
/*
 * A server that sends one byte every two seconds is as good as one that sends nothing: progress is
 * a KiB, or the end of the reply.
 */
#define PROGRESS_BYTES 1024

static void list_add(struct http_list *l, struct http_request *r)
{
	r->prev = l->last;
	r->next = NULL;
	if (l->last)
		l->last->next = r;
	else
		l->first = r;
	l->last = r;
}

static void list_remove(struct http_list *l, struct http_request *r)
{
	if (r->prev)
		r->prev->next = r->next;
	else
		l->first = r->next;
	if (r->next)
		r->next->prev = r->prev;
	else
		l->last = r->prev;
	r->prev = r->next = NULL;
}

struct http *http_new(const struct http_options *options)
{
	struct http *h = xcalloc(1, sizeof(*h));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	h->options = *options;
	if (!h->options.timeout)
		h->options.timeout = HTTP_TIMEOUT_DEFAULT;
	h->multi = curl_multi_init();
	h->tls = tls_new(options->cert_dir);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
	return h;
}

/* End an exchange at once, without done(); it may be started again. */
static void cancel(struct http_request *r)
{
	struct http *h = r->http;

	switch (r->state) {
	case HTTP_IDLE:
		return;
	case HTTP_WAITING:
		list_remove(&h->waiting, r);
		break;
	case HTTP_RUNNING:
		curl_multi_remove_handle(h->multi, r->easy);
		list_remove(&h->running, r);
		break;
	case HTTP_READY:
		list_remove(&h->ready, r);
		break;
	}
	r->state = HTTP_IDLE;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (h->running.first)
		cancel(h->running.first);
	while (h->waiting.first)
		cancel(h->waiting.first);
	while (h->ready.first)
		cancel(h->ready.first);
	curl_multi_cleanup(h->multi);
	tls_free(h->tls);
	free(h);
	curl_global_cleanup();
}

void http_interrupt(struct http *h)
{
	h->interrupted = true;
}

void http_watch_add(struct http *h, struct http_watch *w)
{
	w->prev = NULL;
	w->next = h->watches;
	if (h->watches)
		h->watches->prev = w;
	h->watches = w;
}

void http_watch_remove(struct http *h, struct http_watch *w)
{
	if (w->prev)
		w->prev->next = w->next;
	else if (h->watches == w)
		h->watches = w->next;
	if (w->next)
		w->next->prev = w->prev;
	w->prev = w->next = NULL;
}

static void make_ready(struct http *h, struct http_request *r)
{
	r->state = HTTP_READY;
	list_add(&h->ready, r);
}

void http_start(struct http *h, struct http_request *r)
{
	cancel(r);
	transfer_reset(r);
	r->http = h;
	r->state = HTTP_WAITING;
	list_add(&h->waiting, r);
}

void http_request_release(struct http_request *r)
{
	cancel(r);
	transfer_reset(r);
	buf_release(&r->text);
	strv_release(&r->headers);
	free(give(r->url));
	free(give(r->detail));
}

void http_resume(struct http_request *r)
{
	if (!r->paused)
		return;
	r->paused = false;
	r->window_start = http_now();
	/* may call write() at once */
	curl_easy_pause(r->easy, CURLPAUSE_CONT);
}

/* Hand the exchanges whose time has come to libcurl. Returns ms until the next one is due. */
static int start_due(struct http *h)
{
	int64_t now = http_now();
	int wait = POLL_MS_MAX;
	struct http_request *next;

	for (struct http_request *r = h->waiting.first; r; r = next) {
		next = r->next;
		if (r->start_after > now) {
			if (r->start_after - now < wait)
				wait = (int)(r->start_after - now);
			continue;
		}
		list_remove(&h->waiting, r);
		if (transfer_prepare(h, r, &r->err) < 0) {
			make_ready(h, r);
			continue;
		}
		r->state = HTTP_RUNNING;
		r->window_start = now;
		r->window_bytes = 0;
		list_add(&h->running, r);
		curl_multi_add_handle(h->multi, r->easy);
	}
	return wait;
}

static void end_running(struct http *h, struct http_request *r, CURLcode result)
{
	curl_multi_remove_handle(h->multi, r->easy);
	list_remove(&h->running, r);
	transfer_finish(r, result);
	make_ready(h, r);
}

static void collect(struct http *h)
{
	CURLMsg *msg;
	int left;

	while ((msg = curl_multi_info_read(h->multi, &left))) {
		struct http_request *r = NULL;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&r);
		end_running(h, r, msg->data.result);
	}
}

/* End what made no progress within the time-out. */
static void check_progress(struct http *h)
{
	int64_t now = http_now(), limit = h->options.timeout * 1000;
	struct http_request *next;

	for (struct http_request *r = h->running.first; r; r = next) {
		next = r->next;
		if (r->paused || r->window_bytes >= PROGRESS_BYTES) {
			r->window_start = now;
			r->window_bytes = 0;
		} else if (now - r->window_start >= limit) {
			err_set(&r->err, E_TIMEOUT,
				"no progress for %lld seconds (--timeout sets how long to wait)",
				(long long)h->options.timeout);
			end_running(h, r, CURLE_OPERATION_TIMEDOUT);
		}
	}
}

/*
 * Wait for sockets and watches, and tell the watches. libcurl hides POLLHUP and POLLERR of other
 * people's descriptors, so poll(2) is asked what has happened.
 */
static void wait_for_events(struct http *h, int timeout_ms)
{
	struct curl_waitfd fds[WATCHES_MAX];
	struct pollfd polled[WATCHES_MAX];
	struct http_watch *watches[WATCHES_MAX];
	unsigned n = 0;

	for (struct http_watch *w = h->watches; w && n < WATCHES_MAX; w = w->next) {
		if (!w->events)
			continue;
		watches[n] = w;
		polled[n] = (struct pollfd){.fd = w->fd, .events = w->events};
		fds[n] = (struct curl_waitfd){.fd = w->fd};
		if (w->events & POLLIN)
			fds[n].events |= CURL_WAIT_POLLIN;
		if (w->events & POLLOUT)
			fds[n].events |= CURL_WAIT_POLLOUT;
		n++;
	}
	curl_multi_poll(h->multi, fds, n, timeout_ms, NULL);
	if (!n || poll(polled, n, 0) <= 0)
		return;
	for (unsigned i = 0; i < n; i++) {
		struct http_watch *w = h->watches;

		/* an earlier one may have removed this one */
		while (w && w != watches[i])
			w = w->next;
		if (w && polled[i].revents)
			w->ready(w, polled[i].revents);
	}
}

/* One turn of the loop; does not call done(). */
static int turn(struct http *h, int timeout_ms, struct err *err)
{
	int running, due = start_due(h);

	if (h->interrupted)
		return err_set(err, EINTR, "interrupted");
	if (due < timeout_ms)
		timeout_ms = due;
	curl_multi_perform(h->multi, &running);
	collect(h);
	if (!h->ready.first) {
		wait_for_events(h, timeout_ms);
		curl_multi_perform(h->multi, &running);
		collect(h);
	}
	check_progress(h);
	return h->interrupted ? err_set(err, EINTR, "interrupted") : 0;
}

int http_wait(struct http *h, struct http_request *r, struct err *err)
{
	while (r->state != HTTP_READY) {
		if (turn(h, POLL_MS_MAX, err) < 0)
			return -err->code;
		if (h->ready.first && r->state != HTTP_READY) {
			/* others are ready and stay so: wait for sockets without spinning */
			wait_for_events(h, 100);
		}
	}
	list_remove(&h->ready, r);
	r->state = HTTP_IDLE;
	return 0;
}

int http_dispatch(struct http *h, int timeout_ms, struct err *err)
{
	struct http_request *r;

	if (turn(h, timeout_ms, err) < 0)
		return -err->code;
	while ((r = h->ready.first)) {
		list_remove(&h->ready, r);
		r->state = HTTP_IDLE;
		r->done(r);
	}
	return 0;
}
