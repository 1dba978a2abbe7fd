/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A repository in a registry (distribution-spec 1.1): where it is, who we are there, and calls that
 * follow redirects and answer challenges. Credentials and tokens go to the registry's own origin
 * only, never with a redirect to another one; docs/security.md has the rules.
 */
#ifndef KIST_PULLER_REGISTRY_H
#define KIST_PULLER_REGISTRY_H

#include "puller/credentials.h"
#include "puller/http.h"
#include "puller/retry.h"

struct registry_options {
	struct http_options http;
	const char *auth_file;          /* NULL: see credential_find() */
	const struct credential *given; /* from the command line; NULL: from files */
	const struct strv *auth_hosts;  /* token servers elsewhere that may see the credentials */
	bool push;                      /* ask for pull and push */
};

struct registry;

/*
 * Choose the scheme: https, except that a loopback host or one named by --insecure is asked which
 * it speaks. "docker.io" is at registry-1.docker.io. The options are borrowed. Returns 0.
 */
int registry_open(struct registry **registry, const char *name, const char *repository,
	const struct registry_options *options, struct err *err);
void registry_close(struct registry *r);

static inline void own_registry_release(struct registry **r)
{
	registry_close(*r);
}

#define own_registry __attribute__((cleanup(own_registry_release)))

struct http *registry_http(struct registry *r);
const char *registry_repository(const struct registry *r);

/*
 * One call: an exchange, and those that come before it because of redirects and challenges. The
 * owner sets method, path (from "/v2/", or an absolute URL), headers, and of http only: send_*,
 * read, begin, write, max_body. finished() is called by http_dispatch().
 */
struct call {
	struct http_request http; /* the last exchange: its reply and text are the results */
	struct strv headers;
	char *path;
	const char *scope; /* beside the repository's own: "repository:other:pull"; borrowed */
	void (*finished)(struct call *c);
	void *owner;
	/*
	 * Every call that can be sent again without anybody noticing is, by puller/retry.h; what
	 * comes in a stream goes on where it was: resume() sets the headers (Range) for that, and
	 * returns the offset, or a negative code that ends the call. anew: the server cannot begin
	 * there (416). NULL: only a call of which nothing was passed on is sent again.
	 */
	int64_t (*resume)(struct call *c, bool anew, struct err *err);
	bool once;      /* its owner begins again himself */
	struct err err; /* why there is no reply; code 0 when there is one, whatever its status */

	/* private */
	struct registry *registry;
	unsigned redirects, answers;
	struct retry retry;
	bool foreign; /* redirected to another origin: no credentials */
	char *used;   /* the Authorization that was sent */
};

/* Begin; the call may be started again after it is finished. */
void registry_start(struct registry *r, struct call *c);

/* The whole call, while other calls proceed. Returns 0 when there is a reply, whatever its status.
 */
int registry_run(struct registry *r, struct call *c, struct err *err);

void call_release(struct call *c);

#define own_call __attribute__((cleanup(call_release)))

/* The reply is 2xx. */
bool call_good(const struct call *c);

/*
 * The error of a finished call that did not go well: c->err, or the registry's own words from the
 * reply ("manifest unknown: ..."), as E_DENIED, E_MANIFEST_UNKNOWN and so on. Returns a negative
 * code.
 */
int call_failure(const struct call *c, struct err *err);

/*
 * The registry's words in a JSON body {"errors":[...]}; registry_error.c. Returns -code, by the
 * first error's code, else by the HTTP status.
 */
int registry_error(long status, const char *text, size_t len, struct err *err);

/* Check the credentials against /v2/. Returns 0, or E_DENIED. */
int registry_check_login(struct registry *r, struct err *err);

#endif
