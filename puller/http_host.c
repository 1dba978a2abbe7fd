/* SPDX-License-Identifier: Apache-2.0 */
/* Which hosts may be spoken to in plain HTTP, or without trust in their certificate. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "puller/http_private.h"

/* Split "HOST", "HOST:PORT", "[V6]:PORT"; the length of the host without brackets. */
static const char *host_part(const char *host, size_t *len)
{
	if (*host == '[') {
		*len = strcspn(host + 1, "]");
		return host + 1;
	}
	*len = strcspn(host, ":");
	return host;
}

bool http_host_is_loopback(const char *host)
{
	char text[64];
	struct in_addr v4;
	struct in6_addr v6;
	size_t len;

	host = host_part(host, &len);
	if (len == 9 && strncasecmp(host, "localhost", 9) == 0)
		return true;
	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool http_host_is_insecure(const struct http *h, const char *host)
{
	const struct strv *list = h->options.insecure;
	size_t len;
	const char *name = host_part(host, &len);

	for (size_t i = 0; list && i < list->count; i++) {
		size_t n;
		const char *item = host_part(list->items[i], &n);
		bool any_port = item[n] == '\0' || strcmp(item + n, "]") == 0;

		if (strcasecmp(list->items[i], host) == 0)
			return true;
		if (any_port && n == len && strncasecmp(item, name, n) == 0)
			return true;
	}
	return false;
}

bool http_plain_allowed(const struct http *h, const char *host)
{
	return http_host_is_loopback(host) || http_host_is_insecure(h, host);
}
