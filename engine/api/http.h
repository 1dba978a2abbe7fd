/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One HTTP/1.1 connection, served by libmicrohttpd in a thread of its own. Each request is given to
 * a handler when it is whole (its body is at most HTTP_BODY_MAX); the handler runs in another
 * thread, so that it may take its time, write a body bit by bit, or take over the connection.
 */
#ifndef KIST_ENGINE_API_HTTP_H
#define KIST_ENGINE_API_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/json.h"
#include "lib/mem.h"
#include "lib/schema.h"

#define HTTP_BODY_MAX   JSON_DOCUMENT_MAX
#define HTTP_HEADER_MAX (64u * 1024) /* request line and headers together */

struct http; /* the connection */

struct request {
	const char *method, *path; /* the path is unescaped; NUL-terminated */
	const char *body;          /* NUL-terminated */
	size_t body_len;
	bool upgrade;       /* the client offers the connection as a stream of bytes */
	struct arena arena; /* lives as long as the request */
	struct http *http;
};

/* The value of "?name=value" in the path, or NULL. Borrowed. */
const char *request_query(const struct request *rq, const char *name);

/* Each value of a name that may come again, in order; in the request's arena. */
void request_query_all(struct request *rq, const char *name, struct strings *values);

/* As Go's strconv.ParseBool, loosely: "", "0", "no", "false" and "none" are no; missing: usual. */
bool request_query_bool(const struct request *rq, const char *name, bool usual);

/* A header's value, or NULL. Borrowed. */
const char *request_header(const struct request *rq, const char *name);

/*
 * A request's handler calls one of the four answer functions, and may go on after it. When it
 * returns without having called one, the answer is that of the router: an error's, or 204. All are
 * called in the handler's thread.
 */

/* A whole body, copied. type NULL: none. */
void answer_text(
	struct request *rq, unsigned status, const char *type, const char *text, size_t len);

/* A document and LF as application/json. */
void answer_json(struct request *rq, unsigned status, const struct json *document);

/*
 * A body that comes bit by bit (chunked). Returns the descriptor to write it to, borrowed; it is
 * closed when the handler returns. A client that has gone makes a write fail with EPIPE.
 */
int answer_stream(struct request *rq, unsigned status, const char *type, struct err *err);

/*
 * 101: the connection becomes a stream of bytes in both directions, of the content type. Returns
 * its socket, blocking, borrowed until the handler returns; then it is closed. *early gets what the
 * client has sent already (*early_len bytes, borrowed as long). -EPROTO when the client has not
 * offered it.
 */
int answer_hijack(struct request *rq, const char *type, const char **early, size_t *early_len,
	struct err *err);

/* Has one of these been called? */
bool answered(const struct request *rq);

/* A header for the answer; to be set before it. Both are copied. */
void answer_header(struct request *rq, const char *name, const char *value);

/*
 * From now on nobody needs the handler when the client has gone: the process may end at once, at
 * any point. For what waits or follows and changes nothing.
 */
void request_abandonable(struct request *rq);

/* The router: called for each request. */
typedef void http_handler(struct request *rq, void *arg);

/*
 * Serve the connection on the socket fd, which is taken over, until it is closed, no request begins
 * within the time that is allowed, or a hijacking handler has ended. Returns 0.
 */
int http_serve(int fd, http_handler *handler, void *arg, struct err *err);

#endif
