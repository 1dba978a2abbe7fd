/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/registry.h"

#include <errno.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/registry_private.h"

#define REDIRECTS_MAX 5
#define PING_MAX      65536
#define HUB_NAME      "docker.io"
#define HUB_HOST      "registry-1.docker.io"

struct http *registry_http(struct registry *r)
{
	return r->http;
}

const char *registry_repository(const struct registry *r)
{
	return r->repository;
}

bool call_good(const struct call *c)
{
	return !c->err.code && c->http.reply.status >= 200 && c->http.reply.status < 300;
}

void call_release(struct call *c)
{
	http_request_release(&c->http);
	strv_release(&c->headers);
	free(give(c->path));
	free(give(c->used));
}

/* Fill in headers (with Authorization, where it may go) and hand the exchange to the loop. */
static int call_send(struct call *c, struct err *err)
{
	own_mem char *authorization = NULL;

	if (!c->foreign && auth_header(c->registry, c, &authorization, err) < 0)
		return -err->code;
	free(c->used);
	c->used = give(authorization);
	strv_release(&c->http.headers);
	strv_add_all(&c->http.headers, (const char *const *)c->headers.items, c->headers.count);
	if (c->used)
		strv_addf(&c->http.headers, "Authorization: %s", c->used);
	http_start(c->registry->http, &c->http);
	return 0;
}

static int set_url(struct call *c, char *url, struct err *err)
{
	own_origin struct origin origin = {0};

	free(c->http.url);
	c->http.url = url;
	if (origin_parse(url, &origin, err) < 0)
		return -err->code;
	if (strcmp(c->registry->origin.scheme, "https") == 0 && strcmp(origin.scheme, "https") != 0)
		return err_set(
			err, E_TLS, "refused: the registry leads from https to '%.200s'", url);
	c->foreign = !origin_equal(&origin, &c->registry->origin);
	return 0;
}

/* Follow Location. Only reading calls are led elsewhere. */
static int call_redirect(struct call *c, struct err *err)
{
	char *url = NULL;

	if (!c->http.reply.location)
		return err_set(err, E_SYNTAX, "a redirect without Location");
	if (c->http.method != HTTP_GET && c->http.method != HTTP_HEAD)
		return err_set(err, E_UNSUPPORTED, "an upload is redirected to '%.200s'",
			c->http.reply.location);
	if (++c->redirects > REDIRECTS_MAX)
		return err_set(err, E_LIMIT, "more than %d redirects", REDIRECTS_MAX);
	if (url_resolve(c->http.url, c->http.reply.location, &url, err) < 0 ||
		set_url(c, url, err) < 0 || call_send(c, err) < 0)
		return -err->code;
	return 1;
}

static bool is_redirect(long status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Can the same request be sent once more without anybody noticing? */
static bool repeatable(const struct call *c)
{
	if (c->http.method == HTTP_GET || c->http.method == HTTP_HEAD)
		return c->http.received == 0 || !c->http.write;
	return c->http.sent == 0 || !c->http.read;
}

/* The first exchange, from the registry's own address: what a redirect led to may be over. */
static int call_first(struct call *c, struct err *err)
{
	char *url = strncmp(c->path, "http", 4) == 0
		? xstrdup(c->path)
		: xasprintf("%s%s", c->registry->base, c->path);

	c->redirects = c->answers = 0;
	if (set_url(c, url, err) < 0)
		return -err->code;
	return call_send(c, err);
}

/* Returns 1 when another attempt was started, 0 when there will be none. */
static int call_again(struct call *c, struct err *err)
{
	bool anew = c->resume && !c->http.err.code && c->http.reply.status == 416;
	int64_t wait, offset = 0;

	if (c->once || !(c->resume || repeatable(c)))
		return 0;
	if (c->resume) {
		offset = c->resume(c, anew, err);
		if (offset < 0)
			return (int)offset;
		retry_progress(&c->retry, offset);
	}
	wait = anew ? 0 : retry_wait(&c->retry, &c->http);
	if (anew && ++c->retry.tries >= RETRY_TRIES_MAX)
		wait = -1;
	if (wait < 0)
		return 0;
	c->http.start_after = http_now() + wait;
	return call_first(c, err) < 0 ? -err->code : 1;
}

/* An exchange of the call is over. Returns 1 when another was started, 0 when the call is. */
static int call_step(struct call *c, struct err *err)
{
	bool good = !c->http.err.code && c->http.reply.status < 400;
	int r = good ? 0 : call_again(c, err);

	if (r != 0)
		return r;
	c->http.start_after = 0;
	if (c->http.err.code) {
		*err = c->http.err;
		return -err->code;
	}
	if (is_redirect(c->http.reply.status))
		return call_redirect(c, err);
	if (c->http.reply.status == 401 && !c->foreign && (c->resume || repeatable(c))) {
		int again = auth_challenged(c->registry, c, err);

		if (again <= 0)
			return again;
		return call_send(c, err) < 0 ? -err->code : 1;
	}
	return 0;
}

static void exchange_done(struct http_request *q)
{
	struct call *c = q->owner;

	if (call_step(c, &c->err) <= 0)
		c->finished(c);
}

/* Returns 0 when the first exchange is on its way. */
static int call_begin(struct registry *r, struct call *c)
{
	c->registry = r;
	c->retry = (struct retry){0};
	c->err = (struct err){0};
	c->http.start_after = 0;
	c->http.owner = c;
	c->http.done = exchange_done;
	if (!c->http.max_body)
		c->http.max_body = HTTP_TEXT_MAX;
	return call_first(c, &c->err);
}

void registry_start(struct registry *r, struct call *c)
{
	if (call_begin(r, c) < 0)
		c->finished(c);
}

int registry_run(struct registry *r, struct call *c, struct err *err)
{
	int again = call_begin(r, c) < 0 ? -c->err.code : 1;

	while (again > 0) {
		if (http_wait(r->http, &c->http, &c->err) < 0)
			break;
		again = call_step(c, &c->err);
	}
	if (!c->err.code)
		return 0;
	*err = c->err;
	return -err->code;
}

static int connection_failure(const struct call *c, struct err *err)
{
	const struct registry *r = c->registry;
	const char *url = c->http.url ? c->http.url : c->path;
	/* what follows may be a signature that lets others in */
	int len = (int)strcspn(url, "?");

	*err = c->err;
	if (err->code == E_TLS && c->http.untrusted)
		return err_set(err, E_TLS,
			"Get \"%.*s\": the server's certificate is not trusted: %.120s "
			"(put its CA in /etc/docker/certs.d/%s/ca.crt)",
			len < 150 ? len : 150, url, c->err.msg, r->name);
	if (err->code == E_NETWORK || err->code == E_TIMEOUT || err->code == E_TLS)
		return err_wrap(err, "Get \"%.*s\"", len < 200 ? len : 200, url);
	return -err->code;
}

int call_failure(const struct call *c, struct err *err)
{
	if (c->err.code)
		return connection_failure(c, err);
	if (c->http.reply.status == 401 && !c->foreign)
		return auth_refused(c->registry, c, err);
	registry_error(c->http.reply.status, buf_str(&c->http.text), c->http.text.len, err);
	if (c->http.reply.status >= 400 && c->http.reply.retry_after > RETRY_WAIT_MAX)
		return err_set(err, err->code, "%.400s (it asks to come again in %lld seconds)",
			err->msg, (long long)c->http.reply.retry_after);
	return -err->code;
}

static int set_base(struct registry *r, const char *scheme, struct err *err)
{
	const char *host = strcmp(r->name, HUB_NAME) == 0 ? HUB_HOST : r->name;

	free(r->base);
	r->base = xasprintf("%s://%s", scheme, host);
	origin_release(&r->origin);
	return origin_parse(r->base, &r->origin, err);
}

/* What does the server at this scheme answer? Returns 0 when it answers as a registry would. */
static int ping(struct registry *r, const char *scheme, struct err *err)
{
	own_call struct call c = {.http = {.method = HTTP_GET, .max_body = PING_MAX}};
	long status;

	if (set_base(r, scheme, err) < 0)
		return -err->code;
	/* an exchange alone: the challenge is learned here, and answered by the calls to come */
	c.registry = r;
	c.path = xstrdup("/v2/");
	c.http.url = xasprintf("%s/v2/", r->base);
	http_start(r->http, &c.http);
	if (http_wait(r->http, &c.http, err) < 0)
		return -err->code;
	c.err = c.http.err;
	r->unreached = c.http.unreached;
	if (c.err.code)
		return connection_failure(&c, err);
	status = c.http.reply.status;
	if (status == 401)
		return challenge_parse(&c.http.reply.challenges, &r->challenge, &r->arena, err);
	/* 400 is what an https server says to plain HTTP */
	if (status == 400)
		return err_set(err, E_NETWORK, "Get \"%s\": HTTP status %ld", c.http.url, status);
	return 0;
}

/*
 * Loopback: plain HTTP first, because asking it costs nothing there, then https with full
 * verification. A host named by --insecure: https with any certificate first, then plain HTTP.
 */
static int choose_scheme(struct registry *r, struct err *err)
{
	bool insecure = http_host_is_insecure(r->http, r->name);
	const char *first = insecure ? "https" : "http", *second = insecure ? "http" : "https";
	struct err why = {0}, other = {0};

	bool nobody;

	/* whoever puts certificates there for the host speaks TLS with it */
	if (!http_plain_allowed(r->http, r->name) ||
		(!insecure && http_host_has_certificates(r->name)))
		return set_base(r, "https", err);
	if (ping(r, first, &why) >= 0)
		return 0;
	nobody = r->unreached;
	if (why.code != E_NETWORK && why.code != E_TLS) {
		*err = why;
		return -err->code;
	}
	if (ping(r, second, &other) >= 0)
		return 0;
	/* where nobody listens, both say the same; otherwise the https server's reason counts */
	*err = nobody || other.code == E_NETWORK ? why : other;
	return -err->code;
}

int registry_open(struct registry **registry, const char *name, const char *repository,
	const struct registry_options *options, struct err *err)
{
	own_registry struct registry *r = xcalloc(1, sizeof(*r));

	r->options = *options;
	r->http = http_new(&options->http);
	r->name = xstrdup(name);
	r->repository = repository ? xstrdup(repository) : NULL;
	if (choose_scheme(r, err) < 0)
		return -err->code;
	*registry = give(r);
	return 0;
}

void registry_close(struct registry *r)
{
	if (!r)
		return;
	http_free(r->http);
	auth_release(r);
	origin_release(&r->origin);
	free(r->name);
	free(r->repository);
	free(r->base);
	free(r);
}

int registry_check_login(struct registry *r, struct err *err)
{
	own_call struct call c = {.http = {.method = HTTP_GET, .max_body = PING_MAX}};

	c.path = xstrdup("/v2/");
	if (registry_run(r, &c, err) < 0 || !call_good(&c))
		return call_failure(&c, err);
	if (r->withheld)
		return err_set(err, E_DENIED,
			"the registry's token server '%.200s' is not of its site, so it did not get the "
			"credentials to check (--auth-host allows it)",
			r->challenge.realm);
	return 0;
}
