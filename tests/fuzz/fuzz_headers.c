/* SPDX-License-Identifier: Apache-2.0 */
/* A reply's header lines from a hostile registry, and what is made of Link and of challenges. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "puller/challenge.h"
#include "puller/http_private.h"
#include "puller/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	own(http_reply_reset) struct http_reply reply = {0};
	own_arena struct arena a = {0};
	struct challenge c;
	struct err err;

	while (at < end) {
		const char *line = memchr(at, '\n', (size_t)(end - at));
		size_t len = line ? (size_t)(line - at) + 1 : (size_t)(end - at);

		http_reply_header(&reply, at, len);
		at += len;
	}
	if (reply.length < -1 || reply.range_start < -1)
		abort();
	if (challenge_parse(&reply.challenges, &c, &a, &err) == 0 && c.scheme == CHALLENGE_BEARER &&
		(!c.realm || !*c.realm))
		abort();
	if (reply.link) {
		own_mem char *next = url_next_page(reply.link), *url = NULL;

		if (next && !strstr(reply.link, next))
			abort();
		if (next)
			url_resolve("https://registry.example/v2/a/tags/list", next, &url, &err);
	}
	return 0;
}
