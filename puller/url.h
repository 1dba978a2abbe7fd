/* SPDX-License-Identifier: Apache-2.0 */
/* URLs, as far as a registry client decides by them (over libcurl's parser). */
#ifndef KIST_PULLER_URL_H
#define KIST_PULLER_URL_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"

/* What decides who gets to see credentials: scheme, host and port (always given). */
struct origin {
	char *scheme, *host, *port; /* host in lower case */
};

void origin_release(struct origin *o);

#define own_origin __attribute__((cleanup(origin_release)))

/* Returns 0, or E_SYNTAX for what is no http or https URL, or one with a user name in it. */
int origin_parse(const char *url, struct origin *o, struct err *err);
bool origin_equal(const struct origin *a, const struct origin *b);

/*
 * Does b belong to a's site: are they the same, one beneath the other, or b beneath a's parent
 * domain ("registry-1.docker.io" and "auth.docker.io")? Never for different addresses, nor for
 * domains directly beneath a registry of names ("co.uk").
 */
bool host_same_site(const char *a, const char *b);

/* Location of a reply to base, absolute or relative, as an absolute URL; the caller frees it. */
int url_resolve(const char *base, const char *location, char **url, struct err *err);

/*
 * The target of the first link with the relation "next" in a Link header's value (RFC 8288); the
 * caller frees it. NULL: there is none, or what comes before it does not follow the grammar.
 */
char *url_next_page(const char *link);

/* Append "name=value" to a URL's query, with '?' or '&' as fits, the value percent-encoded. */
void url_add_query(struct buf *url, const char *name, const char *value);

#endif
