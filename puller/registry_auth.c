/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are at a registry: Basic, or a bearer token from the realm that the challenge names. */
#include <errno.h>
#include <string.h>

#include "lib/json.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "puller/registry_private.h"

#define TOKEN_REPLY_MAX (1 << 20)
#define TOKEN_TEXT_MAX  65536
#define TOKEN_LIFE      60 /* seconds, when the server does not say (distribution's token protocol) */
#define TOKEN_LIFE_MAX  86400
#define TOKEN_MARGIN    5
#define ANSWERS_MAX     2 /* a first challenge, and one for a token that ran out */

static void tokens_free(struct token **list)
{
	while (*list) {
		struct token *next = (*list)->next;

		free((*list)->scopes);
		free((*list)->text);
		free(*list);
		*list = next;
	}
}

void auth_release(struct registry *r)
{
	tokens_free(&r->tokens);
	credential_release(&r->credential);
	free(give(r->helper));
	arena_release(&r->arena);
}

static int load_credential(struct registry *r, struct err *err)
{
	const struct credential *given = r->options.given;

	if (r->looked_up)
		return 0;
	if (given && given->user) {
		r->credential.user = xstrdup(given->user);
		r->credential.password = xstrdup(given->password);
	} else if (credential_find(r->options.auth_file, r->name, r->repository, &r->credential,
			   &r->helper, err) < 0) {
		return -err->code;
	}
	r->looked_up = true;
	return 0;
}

/*
 * May the token server see the credentials? It may when it is the registry itself, or another
 * https server of the same site, or one that the user named: a registry (or whoever answers in its
 * place) must not be able to send them elsewhere.
 */
static bool realm_is_trusted(const struct registry *r, const struct origin *realm)
{
	own_mem char *with_port = xasprintf("%s:%s", realm->host, realm->port);
	const struct strv *named = r->options.auth_hosts;

	if (origin_equal(realm, &r->origin))
		return true;
	for (size_t i = 0; named && i < named->count; i++)
		if (strcasecmp(named->items[i], realm->host) == 0 ||
			strcasecmp(named->items[i], with_port) == 0)
			return true;
	if (strcmp(realm->scheme, "https") != 0)
		return false;
	return host_same_site(realm->host, r->origin.host);
}

static char *scopes_of(const struct registry *r, const struct call *c)
{
	own_buf struct buf text = {0};

	if (r->repository)
		buf_addf(&text, "repository:%s:%s", r->repository,
			r->options.push ? "pull,push" : "pull");
	if (c->scope)
		buf_addf(&text, " %s", c->scope);
	return buf_give(&text);
}

static void add_scopes(struct buf *url, const char *scopes)
{
	while (*scopes) {
		size_t n = strcspn(scopes, " ");
		own_mem char *one = xstrndup(scopes, n);

		if (n)
			url_add_query(url, "scope", one);
		scopes += n;
		scopes += *scopes == ' ';
	}
}

/* The request for a token: GET with Basic, or OAuth2's refresh for an identitytoken. */
static void token_request(struct registry *r, const char *scopes, bool trusted,
	struct http_request *q, struct buf *form)
{
	own_buf struct buf url = {0};

	buf_adds(&url, r->challenge.realm);
	q->max_body = TOKEN_REPLY_MAX;
	if (trusted && r->credential.token) {
		buf_adds(form, "grant_type=refresh_token&client_id=kist");
		own_buf struct buf query = {0};

		buf_addc(&query, '?');
		if (r->challenge.service)
			url_add_query(&query, "service", r->challenge.service);
		url_add_query(&query, "refresh_token", r->credential.token);
		url_add_query(&query, "scope", scopes);
		buf_adds(form, buf_str(&query) + 1);
		strv_add(&q->headers, "Content-Type: application/x-www-form-urlencoded");
		q->method = HTTP_POST;
		q->send_data = buf_str(form);
		q->send_size = (int64_t)form->len;
	} else {
		if (r->challenge.service)
			url_add_query(&url, "service", r->challenge.service);
		add_scopes(&url, scopes);
		if (trusted && r->credential.user) {
			own_mem char *basic = credential_basic(&r->credential);

			url_add_query(&url, "account", r->credential.user);
			strv_addf(&q->headers, "Authorization: %s", basic);
		}
	}
	q->url = buf_give(&url);
}

static bool token_text_valid(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (!n || n > TOKEN_TEXT_MAX)
		return false;
	for (; *text; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
			return false;
	return true;
}

static int token_read(
	struct registry *r, const char *scopes, const struct buf *body, struct err *err)
{
	own_arena struct arena a = {0};
	struct json *reply = json_parse(&a, buf_str(body), body->len, TOKEN_REPLY_MAX, err);
	const char *text = json_get_string(reply, "token");
	int64_t life = TOKEN_LIFE;
	struct token *t;

	if (!reply)
		return -err->code;
	if (!text || !*text)
		text = json_get_string(reply, "access_token");
	if (!token_text_valid(text))
		return err_set(err, E_SYNTAX, "the token server's answer holds no token");
	if (json_get(reply, "expires_in"))
		json_int64(json_get(reply, "expires_in"), &life);
	if (life < TOKEN_LIFE)
		life = TOKEN_LIFE;
	if (life > TOKEN_LIFE_MAX)
		life = TOKEN_LIFE_MAX;
	t = xcalloc(1, sizeof(*t));
	t->scopes = xstrdup(scopes);
	t->text = xstrdup(text);
	t->expires = http_now() + (life - TOKEN_MARGIN) * 1000;
	t->next = r->tokens;
	r->tokens = t;
	return 0;
}

static int check_realm(struct registry *r, struct origin *realm, struct err *err)
{
	own_mem char *host = NULL;

	if (origin_parse(r->challenge.realm, realm, err) < 0)
		return err_wrap(err, "the registry's token server");
	if (strcmp(r->origin.scheme, "https") == 0 && strcmp(realm->scheme, "https") != 0)
		return err_set(err, E_TLS,
			"the registry's token server '%.200s' is not an https address",
			r->challenge.realm);
	host = xasprintf("%s:%s", realm->host, realm->port);
	if (strcmp(realm->scheme, "https") != 0 && !http_plain_allowed(r->http, host))
		return err_set(err, E_TLS,
			"the registry's token server '%.200s' is not an https address",
			r->challenge.realm);
	return 0;
}

static int token_fetch(struct registry *r, const char *scopes, struct err *err)
{
	own(http_request_release) struct http_request q = {0};
	own_origin struct origin realm = {0};
	own_buf struct buf form = {0};
	struct retry retry = {0};
	bool trusted;
	int result;

	if (check_realm(r, &realm, err) < 0 || load_credential(r, err) < 0)
		return -err->code;
	trusted = realm_is_trusted(r, &realm);
	r->withheld = !trusted && (r->credential.user || r->credential.token);
	token_request(r, scopes, trusted, &q, &form);
	for (int64_t wait = 0; wait >= 0; wait = retry_wait(&retry, &q)) {
		q.start_after = wait ? http_now() + wait : 0;
		http_start(r->http, &q);
		if (http_wait(r->http, &q, err) < 0)
			return -err->code;
	}
	if (q.err.code) {
		*err = q.err;
		return err_wrap(err, "cannot get a token from '%.200s'", r->challenge.realm);
	}
	if (q.reply.status == 200) {
		result = token_read(r, scopes, &q.text, err);
		return result < 0 ? err_wrap(err, "'%.200s'", r->challenge.realm) : 0;
	}
	registry_error(q.reply.status, buf_str(&q.text), q.text.len, err);
	if (r->withheld)
		return err_wrap(err,
			"the token server %s:%s is not of the registry's site, so it did not get the "
			"credentials (--auth-host %s:%s allows it)",
			realm.host, realm.port, realm.host, realm.port);
	return err_wrap(err, "cannot get a token from '%.200s'", r->challenge.realm);
}

static struct token *token_find(struct registry *r, const char *scopes)
{
	struct token *t = r->tokens;

	while (t && (strcmp(t->scopes, scopes) != 0 || t->expires <= http_now()))
		t = t->next;
	return t;
}

int auth_header(struct registry *r, const struct call *c, char **value, struct err *err)
{
	own_mem char *scopes = NULL;
	struct token *t;

	*value = NULL;
	if (r->challenge.scheme == CHALLENGE_NONE)
		return 0;
	if (r->challenge.scheme == CHALLENGE_BASIC) {
		if (load_credential(r, err) < 0)
			return -err->code;
		if (r->credential.user)
			*value = credential_basic(&r->credential);
		return 0;
	}
	scopes = scopes_of(r, c);
	t = token_find(r, scopes);
	if (!t) {
		if (token_fetch(r, scopes, err) < 0)
			return -err->code;
		t = token_find(r, scopes);
	}
	*value = xasprintf("Bearer %s", t->text);
	return 0;
}

static void forget_token(struct registry *r, const char *used)
{
	if (!used || strncmp(used, "Bearer ", 7) != 0)
		return;
	for (struct token **at = &r->tokens; *at;) {
		struct token *t = *at;

		if (strcmp(t->text, used + 7) != 0) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		free(t->scopes);
		free(t->text);
		free(t);
	}
}

int auth_challenged(struct registry *r, struct call *c, struct err *err)
{
	own_mem char *next = NULL;
	struct challenge found;

	if (c->answers >= ANSWERS_MAX)
		return 0;
	c->answers++;
	if (challenge_parse(&c->http.reply.challenges, &found, &r->arena, err) < 0)
		return -err->code;
	if (found.scheme == CHALLENGE_NONE)
		return 0;
	r->challenge = found;
	forget_token(r, c->used);
	if (auth_header(r, c, &next, err) < 0)
		return -err->code;
	/* the same answer would get the same refusal */
	return next && (!c->used || strcmp(next, c->used) != 0);
}

int auth_refused(struct registry *r, const struct call *c, struct err *err)
{
	registry_error(401, buf_str(&c->http.text), c->http.text.len, err);
	if (r->withheld)
		return err_set(err, E_DENIED,
			"%.200s (the token server '%.100s' is not of the registry's site, so it did not get "
			"the credentials: --auth-host allows it)",
			err->msg, r->challenge.realm);
	if (r->helper)
		return err_set(err, E_DENIED,
			"%.300s (config.json names the credential helper '%.40s', which is not supported: "
			"kist-login %s)",
			err->msg, r->helper, r->name);
	if (!r->credential.user && !r->credential.token)
		return err_set(err, E_DENIED, "%.300s (kist-login %s stores credentials)", err->msg,
			r->name);
	return -err->code;
}
