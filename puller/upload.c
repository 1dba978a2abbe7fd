/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/upload.h"

#include <errno.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/url.h"

#define TURN_MS 200

static void after_head(struct call *c);
static void after_post(struct call *c);
static void after_put(struct call *c);

static void fail(struct upload *u)
{
	struct err *err = &u->failure;

	if (!err->code)
		call_failure(&u->call, err);
	if (!strstr(err->msg, u->digest.text))
		err_wrap(err, "blob %s", u->digest.text);
	u->over = true;
}

static void succeed(struct upload *u, enum upload_result result)
{
	u->result = result;
	u->over = true;
}

/* The next call of the upload, from nothing but its owner. */
static struct call *next_call(
	struct upload *u, enum http_method method, void (*after)(struct call *))
{
	call_release(&u->call);
	u->call = (struct call){.owner = u, .finished = after};
	u->call.http.method = method;
	return &u->call;
}

static void send_head(struct upload *u)
{
	struct call *c = next_call(u, HTTP_HEAD, after_head);

	c->path = xasprintf("/v2/%s/blobs/%s", registry_repository(u->registry), u->digest.text);
	registry_start(u->registry, c);
}

static void send_post(struct upload *u)
{
	struct call *c = next_call(u, HTTP_POST, after_post);
	own_buf struct buf path = {0};

	buf_addf(&path, "/v2/%s/blobs/uploads/", registry_repository(u->registry));
	if (u->mount_from) {
		url_add_query(&path, "mount", u->digest.text);
		url_add_query(&path, "from", u->mount_from);
		if (!u->scope)
			u->scope = xasprintf("repository:%s:pull", u->mount_from);
		c->scope = u->scope;
	}
	c->path = buf_give(&path);
	registry_start(u->registry, c);
}

/* http.h asks with the exchange, we are asked with the upload. */
static ssize_t read_body(struct http_request *q, void *data, size_t room, struct err *err)
{
	struct upload *u = ((struct call *)q->owner)->owner;

	return u->read(u->arg, q->sent, data, room, err);
}

static void send_put(struct upload *u, const char *base, const char *location)
{
	own_buf struct buf url = {0};
	own_mem char *absolute = NULL;
	struct call *c;

	if (url_resolve(base, location, &absolute, &u->failure) < 0) {
		fail(u);
		return;
	}
	buf_adds(&url, absolute);
	url_add_query(&url, "digest", u->digest.text);
	c = next_call(u, HTTP_PUT, after_put);
	c->path = buf_give(&url);
	strv_add(&c->headers, "Content-Type: application/octet-stream");
	c->http.send_size = u->size;
	c->http.send_data = u->data;
	c->http.read = u->read ? read_body : NULL;
	/* a second PUT to the same session is not repeatable: another attempt begins at POST */
	c->once = true;
	registry_start(u->registry, c);
}

static void after_head(struct call *c)
{
	struct upload *u = c->owner;
	const struct http_reply *reply = &c->http.reply;

	if (call_good(c) && (reply->length < 0 || reply->length == u->size))
		succeed(u, UPLOAD_EXISTS);
	else if (call_good(c) || (!c->err.code && reply->status == 404))
		send_post(u);
	else
		fail(u);
}

static void after_post(struct call *c)
{
	struct upload *u = c->owner;
	long status = c->http.reply.status;

	if (!c->err.code && status == 201 && u->mount_from) {
		succeed(u, UPLOAD_MOUNTED);
	} else if (call_good(c) && c->http.reply.location) {
		own_mem char *base = xstrdup(c->http.url);
		own_mem char *location = xstrdup(c->http.reply.location);

		send_put(u, base, location);
	} else if (u->mount_from) {
		/* a registry that does not let us look there */
		u->mount_from = NULL;
		send_post(u);
	} else {
		if (call_good(c))
			err_set(&u->failure, E_SYNTAX,
				"the registry opens an upload without Location");
		fail(u);
	}
}

/* Another attempt at the whole upload. Returns false when there is none. */
static bool begin_again(struct upload *u)
{
	const struct call *c = &u->call;
	bool untouched = u->rewindable || !u->read || c->http.sent == 0;
	int64_t wait;

	if (!untouched)
		return false;
	/* a token that ran out between POST and PUT: the next POST gets a new one */
	if (!c->err.code && c->http.reply.status == 401)
		wait = ++u->retry.tries < RETRY_TRIES_MAX ? 0 : -1;
	else
		wait = retry_wait(&u->retry, &c->http);
	if (wait < 0)
		return false;
	send_post(u);
	u->call.http.start_after = wait ? http_now() + wait : 0;
	return true;
}

static void after_put(struct call *c)
{
	struct upload *u = c->owner;
	const char *told = c->http.reply.digest;

	if (!call_good(c)) {
		if (!begin_again(u))
			fail(u);
	} else if (told && digest_valid(told) && strcmp(told, u->digest.text) != 0) {
		err_set(&u->failure, E_DIGEST_MISMATCH, "the registry stored it as %s", told);
		fail(u);
	} else {
		succeed(u, UPLOAD_SENT);
	}
}

void upload_start(struct upload *u)
{
	u->over = false;
	u->failure = (struct err){0};
	u->retry = (struct retry){0};
	send_head(u);
}

int upload_run(struct upload *u, void (*tick)(struct upload *u), struct err *err)
{
	upload_start(u);
	while (!u->over) {
		if (http_dispatch(registry_http(u->registry), TURN_MS, err) < 0)
			return -err->code;
		if (tick)
			tick(u);
	}
	if (!u->failure.code)
		return 0;
	*err = u->failure;
	return -err->code;
}

int64_t upload_sent(const struct upload *u)
{
	return u->call.http.method == HTTP_PUT ? u->call.http.sent : 0;
}

void upload_release(struct upload *u)
{
	call_release(&u->call);
	free(give(u->scope));
}

int upload_manifest(struct registry *registry, const char *name, const char *media_type,
	const void *data, size_t len, struct err *err)
{
	own_call struct call c = {0};

	c.http.method = HTTP_PUT;
	c.http.send_data = data;
	c.http.send_size = (int64_t)len;
	c.path = xasprintf("/v2/%s/manifests/%s", registry_repository(registry), name);
	strv_addf(&c.headers, "Content-Type: %s", media_type);
	if (registry_run(registry, &c, err) < 0 || !call_good(&c)) {
		call_failure(&c, err);
		return err_wrap(err, "manifest '%s'", name);
	}
	return 0;
}

int registry_has(struct registry *registry, const char *kind, const char *digest, struct err *err)
{
	own_call struct call c = {0};

	c.http.method = HTTP_HEAD;
	c.path = xasprintf("/v2/%s/%s/%s", registry_repository(registry), kind, digest);
	strv_add(&c.headers, "Accept: */*");
	if (registry_run(registry, &c, err) < 0)
		return call_failure(&c, err);
	if (call_good(&c))
		return 1;
	return c.http.reply.status == 404 ? 0 : call_failure(&c, err);
}
