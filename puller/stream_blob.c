/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/stream_blob.h"

#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"

#define EXCESS_MAX 65536
#define TURN_MS    200

static int wrong_size(const struct stream_blob *b, int64_t size, struct err *err)
{
	return err_set(err, E_SIZE_MISMATCH, "blob %s has %lld bytes, and the manifest says %lld",
		b->digest, (long long)size, (long long)b->size);
}

static int on_begin(struct http_request *q, struct err *err)
{
	struct stream_blob *b = ((struct call *)q->owner)->owner;
	int64_t offset = 0;

	if (http_reply_check_range(&q->reply, b->passed, err) < 0)
		return -err->code;
	if (q->reply.status == 206)
		offset = b->passed;
	/* what was passed on cannot be taken back: skip it, the digest covers the whole */
	b->skip = b->passed - offset;
	if (q->reply.length >= 0 && offset + q->reply.length != b->size)
		return wrong_size(b, offset + q->reply.length, err);
	return 0;
}

static int on_write(struct http_request *q, const void *data, size_t len, struct err *err)
{
	struct stream_blob *b = ((struct call *)q->owner)->owner;
	const char *bytes = data;

	if (!b->turn)
		return HTTP_PAUSE;
	if (b->skip >= (int64_t)len) {
		b->skip -= (int64_t)len;
		return 0;
	}
	bytes += b->skip;
	len -= (size_t)b->skip;
	b->skip = 0;
	if (b->passed + (int64_t)len > b->size)
		return err_set(err, E_SIZE_MISMATCH,
			"the server sends more than the %lld bytes of blob %s", (long long)b->size,
			b->digest);
	sha256_update(&b->sha, bytes, len);
	b->passed += (int64_t)len;
	return b->output(b->arg, bytes, len, err);
}

/* What was passed on cannot be taken back: a server that cannot begin there sends it again. */
static int64_t ask_for_rest(struct call *c, bool anew, struct err *err)
{
	struct stream_blob *b = c->owner;

	(void)err;
	b->whole = b->whole || anew;
	strv_release(&c->headers);
	if (b->passed > 0 && !b->whole)
		strv_addf(&c->headers, "Range: bytes=%lld-", (long long)b->passed);
	return b->passed;
}

static int ended(struct stream_blob *b, struct err *err)
{
	char hex[SHA256_HEX_LEN + 1];

	if (!call_good(&b->call)) {
		call_failure(&b->call, err);
		if (err->code == E_NOT_FOUND)
			err->code = E_BLOB_UNKNOWN;
		return -err->code;
	}
	if (b->passed != b->size)
		return wrong_size(b, b->passed, err);
	sha256_finish(&b->sha, hex);
	if (strcmp(hex, b->digest + DIGEST_PREFIX_LEN) != 0)
		return err_set(err, E_DIGEST_MISMATCH,
			"blob %s has other bytes than its digest says: they have sha256:%s",
			b->digest, hex);
	return 0;
}

static void on_finished(struct call *c)
{
	struct stream_blob *b = c->owner;

	ended(b, &b->failure);
	b->over = true;
}

void stream_blob_start(struct stream_blob *b, struct registry *registry, const struct descriptor *d)
{
	*b = (struct stream_blob){.registry = registry, .digest = d->digest, .size = d->size};
	sha256_init(&b->sha);
	b->call.owner = b;
	b->call.resume = ask_for_rest;
	b->call.finished = on_finished;
	b->call.http.method = HTTP_GET;
	b->call.http.begin = on_begin;
	b->call.http.write = on_write;
	b->call.path = xasprintf("/v2/%s/blobs/%s", registry_repository(registry), d->digest);
	b->call.http.max_body = b->size + EXCESS_MAX;
	registry_start(registry, &b->call);
}

int stream_blob_pass(
	struct stream_blob *b, void (*tick)(void *arg, int64_t passed), struct err *err)
{
	b->turn = true;
	http_resume(&b->call.http);
	while (!b->over) {
		if (http_dispatch(registry_http(b->registry), TURN_MS, err) < 0)
			return -err->code;
		tick(b->arg, b->passed);
	}
	if (!b->failure.code)
		return 0;
	*err = b->failure;
	return strstr(err->msg, b->digest) ? -err->code : err_wrap(err, "blob %s", b->digest);
}

void stream_blob_release(struct stream_blob *b)
{
	if (!b->registry)
		return;
	call_release(&b->call);
	sha256_release(&b->sha);
	b->registry = NULL;
}
