/* SPDX-License-Identifier: Apache-2.0 */
#include "puller/url.h"

#include <ctype.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"
#include "lib/own.h"

void origin_release(struct origin *o)
{
	free(give(o->scheme));
	free(give(o->host));
	free(give(o->port));
}

static char *part(CURLU *u, CURLUPart which, unsigned flags)
{
	char *text = NULL, *copy = NULL;

	if (curl_url_get(u, which, &text, flags) == CURLUE_OK) {
		copy = xstrdup(text);
		for (char *c = copy; *c; c++)
			*c = (char)tolower((unsigned char)*c);
	}
	curl_free(text);
	return copy;
}

int origin_parse(const char *url, struct origin *o, struct err *err)
{
	own_origin struct origin found = {0};
	own_mem char *user = NULL;
	CURLU *u = curl_url();

	if (curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK) {
		found.scheme = part(u, CURLUPART_SCHEME, 0);
		found.host = part(u, CURLUPART_HOST, 0);
		found.port = part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
		user = part(u, CURLUPART_USER, 0);
	}
	curl_url_cleanup(u);
	if (user || !found.scheme || !found.host || !found.port ||
		(strcmp(found.scheme, "http") != 0 && strcmp(found.scheme, "https") != 0))
		return err_set(err, E_SYNTAX, "invalid URL '%.200s'", url);
	*o = found;
	found = (struct origin){0};
	return 0;
}

bool origin_equal(const struct origin *a, const struct origin *b)
{
	return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 &&
		strcmp(a->port, b->port) == 0;
}

static bool is_address(const char *host)
{
	return *host == '[' || strspn(host, "0123456789.") == strlen(host);
}

/* "co.uk", "com.au", "io": names beneath it belong to different owners. */
static bool is_public_suffix(const char *domain)
{
	const char *dot = strchr(domain, '.');

	if (!dot)
		return true;
	return !strchr(dot + 1, '.') && dot - domain <= 3 && strlen(dot + 1) == 2;
}

static bool is_beneath(const char *host, const char *domain)
{
	size_t n = strlen(host), m = strlen(domain);

	return n > m && host[n - m - 1] == '.' && strcmp(host + n - m, domain) == 0;
}

bool host_same_site(const char *a, const char *b)
{
	const char *parent = strchr(a, '.');

	if (strcmp(a, b) == 0)
		return true;
	if (is_address(a) || is_address(b))
		return false;
	if (is_beneath(a, b) && !is_public_suffix(b))
		return true;
	if (is_beneath(b, a) && !is_public_suffix(a))
		return true;
	return parent && !is_public_suffix(parent + 1) && is_beneath(b, parent + 1);
}

int url_resolve(const char *base, const char *location, char **url, struct err *err)
{
	CURLU *u = curl_url();
	char *text = NULL;
	int r = 0;

	if (curl_url_set(u, CURLUPART_URL, base, 0) != CURLUE_OK ||
		curl_url_set(u, CURLUPART_URL, location, 0) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_URL, &text, 0) != CURLUE_OK)
		r = err_set(err, E_SYNTAX, "the server's Location '%.200s' is no URL", location);
	else
		*url = xstrdup(text);
	curl_free(text);
	curl_url_cleanup(u);
	return r;
}

/* Is "next" among the words of a relation, as 'next' or '"prev next"'? */
static bool is_next(const char *value, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = 0;

		while (at + n < len && value[at + n] != ' ')
			n++;
		if (n == 4 && strncasecmp(value + at, "next", 4) == 0)
			return true;
		at += n + 1;
	}
	return false;
}

/* One ';name=value' at *p, which moves behind it. *next: it is rel, with "next". */
static bool read_parameter(const char **p, bool *next)
{
	const char *name = *p + 1 + strspn(*p + 1, " \t"), *value, *end;
	size_t name_len = strcspn(name, "=;, \t");

	*p = name + name_len + strspn(name + name_len, " \t");
	if (**p != '=')
		return **p == ';' || **p == ',' || !**p;
	value = *p + 1 + strspn(*p + 1, " \t");
	if (*value == '"') {
		end = strchr(++value, '"');
		if (!end)
			return false;
		*p = end + 1;
	} else {
		end = *p = value + strcspn(value, ";, \t");
	}
	if (name_len == 3 && strncasecmp(name, "rel", 3) == 0)
		*next = is_next(value, (size_t)(end - value));
	*p += strspn(*p, " \t");
	return **p == ';' || **p == ',' || !**p;
}

char *url_next_page(const char *link)
{
	for (const char *p = link + strspn(link, ", \t"); *p; p += strspn(p, ", \t")) {
		const char *end = *p == '<' ? strchr(p, '>') : NULL;
		const char *target = p + 1;
		bool next = false;

		if (!end)
			return NULL;
		p = end + 1 + strspn(end + 1, " \t");
		while (*p == ';')
			if (!read_parameter(&p, &next))
				return NULL;
		if (*p && *p != ',')
			return NULL;
		if (next)
			return xstrndup(target, (size_t)(end - target));
	}
	return NULL;
}

void url_add_query(struct buf *url, const char *name, const char *value)
{
	char *escaped = curl_easy_escape(NULL, value, (int)strlen(value));

	buf_addf(url, "%c%s=%s", strchr(buf_str(url), '?') ? '&' : '?', name,
		escaped ? escaped : "");
	curl_free(escaped);
}
