/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP exchanges, many at a time: one connection pool and one event loop over libcurl's multi
 * interface. An exchange is one request and one reply: redirects and authentication are decided a
 * level above (puller/registry.h), because there credentials are at stake.
 */
#ifndef KIST_PULLER_HTTP_H
#define KIST_PULLER_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "lib/buf.h"
#include "lib/err.h"

#define HTTP_TIMEOUT_DEFAULT 60    /* seconds without progress */
#define HTTP_TEXT_MAX        65536 /* bytes kept of a reply that is not 2xx */
#define HTTP_HEADERS_MAX     65536 /* bytes of all header lines of one reply */
#define HTTP_PAUSE           1     /* from read() and write(): not now, see http_resume() */

struct http;

struct http_options {
	int64_t timeout; /* seconds without progress; 0: HTTP_TIMEOUT_DEFAULT */
	const struct strv
		*insecure;    /* hosts, "HOST" or "HOST:PORT", for plain HTTP and any certificate */
	const char *cert_dir; /* more *.crt, *.cert and *.key besides certs.d; NULL: none */
};

/* The options are borrowed and must live as long as the result. */
struct http *http_new(const struct http_options *options);
void http_free(struct http *h);

static inline void own_http_release(struct http **h)
{
	http_free(*h);
}

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT };

/* What the server answered; strings are NULL when the header was not there. */
struct http_reply {
	long status;
	char *location, *content_type, *digest; /* digest: Docker-Content-Digest */
	int64_t length;                         /* Content-Length; -1: not told */
	int64_t range_start;                    /* first byte of Content-Range; -1: not told */
	struct strv challenges;                 /* each WWW-Authenticate line's value */
	char *link;                             /* Link, for the next page of a list */
	int64_t retry_after;                    /* seconds from now; -1: not told */
};

/*
 * Is it the body from that offset on, or all of it? status is then 206 or 200. Returns 0, or
 * E_SYNTAX.
 */
int http_reply_check_range(const struct http_reply *reply, int64_t offset, struct err *err);

/*
 * One exchange, embedded in whatever its owner is. Zero-initialise, set the first part, start;
 * everything in it belongs to it and goes with http_request_release().
 */
struct http_request {
	enum http_method method;
	char *url;
	struct strv headers; /* "Name: value" */
	int64_t start_after; /* milliseconds of http_now() before which it is not sent; 0: at once
			      */

	/* The body sent, for POST and PUT: size bytes asked of read(); without read(): data. */
	int64_t send_size;
	const void *send_data; /* borrowed */
	ssize_t (*read)(struct http_request *r, void *data, size_t room, struct err *err);

	/*
	 * The body of a 2xx reply: begin() once when its headers are there (or when it ended
	 * without body), then write() for each block, which returns 0, HTTP_PAUSE (the block will
	 * be shown again), or a negative code that ends the exchange. Without write() the body goes
	 * to text. More than max_body bytes (all kinds) are E_LIMIT.
	 */
	int64_t max_body;
	int (*begin)(struct http_request *r, struct err *err);
	int (*write)(struct http_request *r, const void *data, size_t len, struct err *err);

	/* Called by http_dispatch() when the exchange is over; it may start it again. */
	void (*done)(struct http_request *r);
	void *owner;

	/* Results. err.code is 0 when a whole reply came, whatever its status. */
	struct err err;
	struct http_reply reply;
	struct buf text;
	int64_t received; /* bytes of body so far */
	int64_t sent;     /* bytes of the body that read() or data gave */
	bool untrusted;   /* E_TLS because of the certificate, not of the protocol */
	bool unreached;   /* E_NETWORK because nobody is there: no address, or no connection */

	/* private */
	struct http *http;
	void *easy; /* CURL */
	void *header_list;
	enum { HTTP_IDLE, HTTP_WAITING, HTTP_RUNNING, HTTP_READY } state;
	bool begun, paused;
	int64_t uploaded; /* bytes of the body that left */
	size_t header_bytes;
	int64_t window_start, window_bytes; /* for the time-out: see http.c */
	char *detail;                       /* CURLOPT_ERRORBUFFER */
	struct http_request *prev, *next;
};

/* Queue the exchange; results of an earlier one are dropped. */
void http_start(struct http *h, struct http_request *r);

/* Go on after HTTP_PAUSE. */
void http_resume(struct http_request *r);

/* Cancel, and free everything it owns. */
void http_request_release(struct http_request *r);

/*
 * Drive everything until r is over (r->err tells how); other exchanges proceed meanwhile, their
 * done() is called by a later http_dispatch(). Returns 0, or -EINTR when http_interrupt() was
 * called.
 */
int http_wait(struct http *h, struct http_request *r, struct err *err);

/*
 * Drive everything for at most timeout_ms, return early when something happened, and call done()
 * of what is over. Returns 0, or -EINTR when http_interrupt() was called.
 */
int http_dispatch(struct http *h, int timeout_ms, struct err *err);

/* A descriptor that the loop watches besides its sockets; embedded in its owner. */
struct http_watch {
	int fd;
	short events; /* POLLIN, POLLOUT; 0: not now */
	void (*ready)(struct http_watch *w, short revents);
	void *owner;
	struct http_watch *prev, *next;
};

void http_watch_add(struct http *h, struct http_watch *w);
void http_watch_remove(struct http *h, struct http_watch *w);

/* Make http_wait() and http_dispatch() return -EINTR from now on. */
void http_interrupt(struct http *h);

/* milliseconds, monotonic */
static inline int64_t http_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* "127.0.0.1:5000" is loopback: localhost, 127.0.0.0/8, ::1; with or without a port. */
bool http_host_is_loopback(const char *host);

/* May this "HOST[:PORT]" be spoken to in plain HTTP? */
bool http_plain_allowed(const struct http *h, const char *host);

/* Has it a directory in certs.d? */
bool http_host_has_certificates(const char *host);

/* Was it named by --insecure? */
bool http_host_is_insecure(const struct http *h, const char *host);

#endif
