/* SPDX-License-Identifier: Apache-2.0 */
/* What registry.c (calls) and registry_auth.c (who we are) share. */
#ifndef KIST_PULLER_REGISTRY_PRIVATE_H
#define KIST_PULLER_REGISTRY_PRIVATE_H

#include "puller/challenge.h"
#include "puller/registry.h"
#include "puller/url.h"

struct token {
	struct token *next;
	char *scopes; /* joined by ' ' */
	char *text;
	int64_t expires; /* http_now() */
};

struct registry {
	struct registry_options options;
	struct http *http;
	char *name, *repository, *base; /* base: "https://registry-1.docker.io" */
	struct origin origin;
	struct credential credential;
	bool unreached;     /* nobody was at the address that was asked last */
	bool looked_up;     /* for credentials */
	bool withheld;      /* a token server did not get the credentials that there are */
	char *helper;       /* a credential helper that we cannot ask */
	struct arena arena; /* of the challenge */
	struct challenge challenge;
	struct token *tokens;
};

/*
 * The Authorization header for a call as far as it is known, in *value (NULL: none; the caller
 * frees it); fetches a token when the registry is known to want one. Returns 0.
 */
int auth_header(struct registry *r, const struct call *c, char **value, struct err *err);

/*
 * A call was answered by 401: learn the challenge and forget the token that was refused. Returns 1
 * when it is worth another try, 0 when not.
 */
int auth_challenged(struct registry *r, struct call *c, struct err *err);

/* Why 401, and what would help. Returns -E_DENIED. */
int auth_refused(struct registry *r, const struct call *c, struct err *err);

void auth_release(struct registry *r);

#endif
