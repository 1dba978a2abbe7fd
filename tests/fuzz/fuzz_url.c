/* SPDX-License-Identifier: Apache-2.0 */
/* Location, realm and Link of a hostile registry: two lines, a base and what is relative to it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/http.h"
#include "puller/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	own_mem char *base = xstrndup((const char *)data, size), *url = NULL, *next = NULL;
	own_origin struct origin from = {0}, to = {0};
	own_buf struct buf query = {0};
	char *location = strchr(base, '\n');
	struct err err;

	if (!location)
		return 0;
	*location++ = '\0';
	next = url_next_page(location);
	host_same_site(base, location);
	if (!host_same_site(base, base))
		abort();
	http_host_is_loopback(base);
	buf_adds(&query, base);
	url_add_query(&query, "scope", location);
	if (origin_parse(base, &from, &err) < 0)
		return 0;
	if (!origin_equal(&from, &from))
		abort();
	if (url_resolve(base, location, &url, &err) < 0 || origin_parse(url, &to, &err) < 0)
		return 0;
	if (strcmp(to.scheme, "http") != 0 && strcmp(to.scheme, "https") != 0)
		abort();
	return 0;
}
