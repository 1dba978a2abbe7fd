/* SPDX-License-Identifier: Apache-2.0 */
/* What a server's headers say. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "puller/http_private.h"

#define CHALLENGES_MAX 16

void http_reply_reset(struct http_reply *reply)
{
	free(reply->location);
	free(reply->content_type);
	free(reply->digest);
	free(reply->link);
	strv_release(&reply->challenges);
	*reply = (struct http_reply){.length = -1, .range_start = -1, .retry_after = -1};
}

/* The value when the line is the header of this name, in the caller's memory; else NULL. */
static char *header_value(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	if (len <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	line += n + 1;
	len -= n + 1;
	while (len && (*line == ' ' || *line == '\t'))
		line++, len--;
	while (len && strchr(" \t\r\n", line[len - 1]))
		len--;
	return xstrndup(line, len);
}

static bool take(char **field, const char *line, size_t len, const char *name)
{
	char *value = header_value(line, len, name);

	if (!value)
		return false;
	free(*field);
	*field = value;
	return true;
}

static bool take_number(
	int64_t *field, const char *line, size_t len, const char *name, const char *prefix)
{
	own_mem char *value = header_value(line, len, name);
	size_t n = strlen(prefix);
	char *end;
	long long number;

	if (!value)
		return false;
	*field = -1;
	if (strncasecmp(value, prefix, n) != 0 || !strchr("0123456789", value[n]) || !value[n])
		return true;
	errno = 0;
	number = strtoll(value + n, &end, 10);
	if (errno == 0 && (*end == '\0' || (*prefix && *end == '-')))
		*field = number;
	return true;
}

/* RFC 9110, 10.2.3: seconds, or a date. */
static bool take_retry_after(struct http_reply *reply, const char *line, size_t len)
{
	own_mem char *value = header_value(line, len, "Retry-After");
	time_t date, now = time(NULL);
	char *end;
	long long seconds;

	if (!value)
		return false;
	errno = 0;
	seconds = strtoll(value, &end, 10);
	if (end == value || *end) {
		date = curl_getdate(value, NULL);
		errno = date < 0 ? EINVAL : 0;
		seconds = date > now ? date - now : 0;
	}
	reply->retry_after = errno || seconds < 0 ? -1 : seconds;
	return true;
}

void http_reply_header(struct http_reply *reply, const char *line, size_t len)
{
	own_mem char *challenge = header_value(line, len, "WWW-Authenticate");

	if (challenge) {
		if (reply->challenges.count < CHALLENGES_MAX)
			strv_add(&reply->challenges, challenge);
		return;
	}
	if (take(&reply->location, line, len, "Location") ||
		take(&reply->content_type, line, len, "Content-Type") ||
		take(&reply->digest, line, len, "Docker-Content-Digest") ||
		take(&reply->link, line, len, "Link") ||
		take_number(&reply->length, line, len, "Content-Length", "") ||
		take_retry_after(reply, line, len))
		return;
	take_number(&reply->range_start, line, len, "Content-Range", "bytes ");
}

int http_reply_check_range(const struct http_reply *reply, int64_t offset, struct err *err)
{
	if (reply->status == 206 && reply->range_start != offset)
		return err_set(
			err, E_SYNTAX, "the server sends another range than the one asked for");
	if (reply->status != 200 && reply->status != 206)
		return err_set(
			err, E_SYNTAX, "the server answers with HTTP status %ld", reply->status);
	return 0;
}
