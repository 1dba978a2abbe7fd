/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the HTTP client share: http.c (loop) drives http_transfer.c (one exchange),
 * which asks http_reply.c (headers), http_host.c (who is trusted) and http_tls.c.
 */
#ifndef KIST_PULLER_HTTP_PRIVATE_H
#define KIST_PULLER_HTTP_PRIVATE_H

#include <curl/curl.h>

#include "puller/http.h"

struct http_list {
	struct http_request *first, *last;
};

struct http_tls;

struct http {
	struct http_options options;
	CURLM *multi;
	struct http_list waiting, running, ready;
	struct http_watch *watches;
	struct http_tls *tls;
	bool interrupted;
};

/* http_reply.c: take what one header line says, if it is of interest; and forget all. */
void http_reply_header(struct http_reply *reply, const char *line, size_t len);
void http_reply_reset(struct http_reply *reply);

/* http_transfer.c: make r's CURL handle from its fields. Returns 0. */
int transfer_prepare(struct http *h, struct http_request *r, struct err *err);

/* Turn libcurl's result into r->err, and call begin() when that is still due. */
void transfer_finish(struct http_request *r, CURLcode result);

/* Free the handle, and the reply of an earlier exchange. */
void transfer_reset(struct http_request *r);

/* http_tls.c: certificates and trust for the host of a URL. */
struct http_tls *tls_new(const char *cert_dir);
void tls_free(struct http_tls *t);
int tls_apply(struct http_tls *t, CURL *easy, const char *host, bool verify, struct err *err);

#endif
