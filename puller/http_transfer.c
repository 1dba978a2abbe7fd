/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange as a CURL handle: its options, its callbacks, and what libcurl's results mean. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/http_private.h"

#define CONNECT_TIMEOUT_MAX 30
#define RECEIVE_BUFFER_SIZE (128 * 1024L)
#define SEND_BUFFER_SIZE    (256 * 1024L)

void transfer_reset(struct http_request *r)
{
	curl_easy_cleanup(give(r->easy));
	curl_slist_free_all(give(r->header_list));
	http_reply_reset(&r->reply);
	buf_reset(&r->text);
	r->err.code = 0;
	r->err.msg[0] = '\0';
	r->received = r->sent = 0;
	r->begun = r->paused = r->untrusted = r->unreached = false;
	r->header_bytes = 0;
	if (r->detail)
		r->detail[0] = '\0';
}

static bool good(const struct http_request *r)
{
	return r->reply.status >= 200 && r->reply.status < 300;
}

static int begin(struct http_request *r)
{
	r->begun = true;
	/* the owner may know better than "too much" what is wrong with the length */
	if (r->begin && r->begin(r, &r->err) < 0)
		return -r->err.code;
	if (r->reply.length > r->max_body && r->method != HTTP_HEAD)
		return err_set(&r->err, E_LIMIT,
			"the server announces %lld bytes, at most %lld are taken",
			(long long)r->reply.length, (long long)r->max_body);
	return 0;
}

/* Keep the start of an error's text; the rest of it does not interest. */
static size_t keep_text(struct http_request *r, const char *data, size_t len)
{
	size_t room = HTTP_TEXT_MAX - r->text.len;

	buf_add(&r->text, data, len < room ? len : room);
	return len <= room ? len : 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_request *r = arg;
	size_t len = size * count;
	int result;

	r->window_bytes += (int64_t)len;
	if (!good(r))
		return keep_text(r, data, len);
	if (!r->begun && begin(r) < 0)
		return 0;
	if (r->received + (int64_t)len > r->max_body) {
		err_set(&r->err, E_LIMIT, "the server sends more than %lld bytes",
			(long long)r->max_body);
		return 0;
	}
	if (!r->write) {
		buf_add(&r->text, data, len);
		r->received += (int64_t)len;
		return len;
	}
	result = r->write(r, data, len, &r->err);
	if (result == HTTP_PAUSE) {
		r->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	if (result < 0)
		return 0;
	r->received += (int64_t)len;
	return len;
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct http_request *r = arg;
	size_t len = size * count;
	long status = 0;

	r->header_bytes += len;
	if (r->header_bytes > HTTP_HEADERS_MAX) {
		err_set(&r->err, E_LIMIT, "the server's headers are larger than %d bytes",
			HTTP_HEADERS_MAX);
		return 0;
	}
	if (len > 5 && strncmp(line, "HTTP/", 5) == 0) {
		/* "100 Continue" or a proxy's answer may have come before */
		http_reply_reset(&r->reply);
		curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status);
		r->reply.status = status;
		return len;
	}
	http_reply_header(&r->reply, line, len);
	return len;
}

static size_t on_send(char *data, size_t size, size_t count, void *arg)
{
	struct http_request *r = arg;
	int64_t left = r->send_size - r->sent;
	size_t room = size * count;
	ssize_t n;

	if ((int64_t)room > left)
		room = (size_t)left;
	if (!room)
		return 0;
	if (r->read) {
		n = r->read(r, data, room, &r->err);
	} else {
		n = (ssize_t)room;
		memcpy(data, (const char *)r->send_data + r->sent, room);
	}
	/* the time that our own source took is not the server's */
	r->window_start = http_now();
	if (n < 0)
		return CURL_READFUNC_ABORT;
	if (n == 0) {
		err_set(&r->err, E_SIZE_MISMATCH, "the data to send ended early");
		return CURL_READFUNC_ABORT;
	}
	r->sent += n;
	return (size_t)n;
}

/* libcurl goes back to the start when a kept connection turned out to be dead. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
	struct http_request *r = arg;

	if (origin != SEEK_SET || offset != 0 || r->read)
		return r->sent == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
	r->sent = 0;
	return CURL_SEEKFUNC_OK;
}

static int on_progress(
	void *arg, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal, curl_off_t ulnow)
{
	struct http_request *r = arg;

	(void)dltotal;
	(void)dlnow;
	(void)ultotal;
	if (ulnow > r->uploaded) {
		r->window_bytes += ulnow - r->uploaded;
		r->uploaded = ulnow;
	}
	return 0;
}

static void set_method(struct http_request *r, CURL *e)
{
	switch (r->method) {
	case HTTP_GET:
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
		return;
	case HTTP_HEAD:
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
		return;
	case HTTP_POST:
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->send_size);
		break;
	case HTTP_PUT:
		curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)r->send_size);
		break;
	}
	curl_easy_setopt(e, CURLOPT_READFUNCTION, on_send);
	curl_easy_setopt(e, CURLOPT_READDATA, r);
	curl_easy_setopt(e, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(e, CURLOPT_SEEKDATA, r);
	curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, SEND_BUFFER_SIZE);
	curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(e, CURLOPT_XFERINFODATA, r);
}

/* The URL's "HOST[:PORT]" into *host (curl_free); its scheme decides whether it may be used at all.
 */
static int check_url(struct http *h, const char *url, char **host, bool *https, struct err *err)
{
	char *scheme = NULL, *name = NULL, *port = NULL;
	CURLU *u = curl_url();
	int r = 0;

	if (curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_HOST, &name, 0) != CURLUE_OK) {
		r = err_set(err, E_SYNTAX, "invalid URL '%.200s'", url);
	} else {
		curl_url_get(u, CURLUPART_PORT, &port, 0);
		*host = xasprintf("%s%s%s", name, port ? ":" : "", port ? port : "");
		*https = strcmp(scheme, "https") == 0;
		if (!*https && (strcmp(scheme, "http") != 0 || !http_plain_allowed(h, *host)))
			r = err_set(err, E_TLS,
				"'%.200s' is not an https address (--insecure %s allows plain HTTP)",
				url, *host);
	}
	curl_free(scheme);
	curl_free(name);
	curl_free(port);
	curl_url_cleanup(u);
	return r;
}

static void set_callbacks(struct http_request *r, CURL *e)
{
	if (!r->detail)
		r->detail = xcalloc(1, CURL_ERROR_SIZE);
	curl_easy_setopt(e, CURLOPT_PRIVATE, r);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, r->detail);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, r);
}

static void set_headers(struct http_request *r, CURL *e)
{
	struct curl_slist *list = NULL;

	for (size_t i = 0; i < r->headers.count; i++)
		list = curl_slist_append(list, r->headers.items[i]);
	r->header_list = list;
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, list);
}

int transfer_prepare(struct http *h, struct http_request *r, struct err *err)
{
	int64_t connect = h->options.timeout;
	own_mem char *host = NULL;
	bool https = false;
	CURL *e;

	if (check_url(h, r->url, &host, &https, err) < 0)
		return -err->code;
	e = r->easy = curl_easy_init();
	if (!e)
		return err_set(err, ENOMEM, "cannot make an HTTP request");
	r->uploaded = 0;
	curl_easy_setopt(e, CURLOPT_URL, r->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "kist/" KIST_VERSION);
	/*
	 * A paused HTTP/2 stream goes on filling a window of 32 MB in memory; HTTP/1.1 leaves the
	 * bytes in the socket.
	 */
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER_SIZE);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT,
		(long)(connect < CONNECT_TIMEOUT_MAX ? connect : CONNECT_TIMEOUT_MAX));
	if (http_host_is_loopback(host))
		curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	set_method(r, e);
	set_callbacks(r, e);
	set_headers(r, e);
	if (https)
		return tls_apply(h->tls, e, host, !http_host_is_insecure(h, host), err);
	return 0;
}

static int name_failure(struct http_request *r, CURLcode result)
{
	long number = 0;
	const char *detail = r->detail[0] ? r->detail : curl_easy_strerror(result);

	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		r->unreached = true;
		return err_set(&r->err, E_NETWORK, "no such host: %s", detail);
	case CURLE_COULDNT_CONNECT:
		r->unreached = true;
		curl_easy_getinfo(r->easy, CURLINFO_OS_ERRNO, &number);
		return err_set(&r->err, E_NETWORK, "cannot connect: %s",
			number ? strerror((int)number) : detail);
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(&r->err, E_TIMEOUT, "%s", detail);
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_USE_SSL_FAILED:
		return err_set(&r->err, E_TLS, "%s", detail);
	case CURLE_OUT_OF_MEMORY:
#if LIBCURL_VERSION_NUM >= 0x080600
	case CURLE_TOO_LARGE:
#endif
		/* what libcurl says of a header line that is longer than it takes */
		return err_set(&r->err, E_LIMIT, "the server's headers are larger than %d bytes",
			HTTP_HEADERS_MAX);
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_SEND_FAIL_REWIND:
	case CURLE_GOT_NOTHING:
		return err_set(&r->err, E_NETWORK, "connection lost: %s", detail);
	default:
		return err_set(&r->err, E_NETWORK, "%s", detail);
	}
}

void transfer_finish(struct http_request *r, CURLcode result)
{
	long verified = 0;

	if (r->err.code == 0 && result == CURLE_WRITE_ERROR && !good(r) && r->reply.status)
		result = CURLE_OK; /* keep_text() had enough */
	if (r->err.code == 0 && result != CURLE_OK)
		name_failure(r, result);
	if (r->err.code == E_TLS &&
		curl_easy_getinfo(r->easy, CURLINFO_SSL_VERIFYRESULT, &verified) == CURLE_OK &&
		verified)
		r->untrusted = true;
	if (r->err.code == 0 && good(r) && !r->begun)
		begin(r);
	/* the connection goes back to the pool, the handle's buffers are freed */
	curl_easy_cleanup(give(r->easy));
}
