/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/subid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

/* A decimal number at *at, which ends at stop or at the end. Returns 0, or -1 when it is none. */
static int read_number(const char **at, const char *end, char stop, uint64_t *number)
{
	const char *p = *at;
	uint64_t n = 0;

	if (p == end || *p < '0' || *p > '9')
		return -1;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		n = 10 * n + (uint64_t)(*p - '0');
		if (n > UINT32_MAX)
			return -1;
	}
	if (p < end && *p != stop)
		return -1;
	*at = p < end ? p + 1 : p;
	*number = n;
	return 0;
}

/* Is what stands in front of the first ':' this user? *rest is what comes behind it. */
static bool is_mine(
	const char *line, const char *end, const struct subid_owner *owner, const char **rest)
{
	const char *colon = memchr(line, ':', (size_t)(end - line));
	size_t n = colon ? (size_t)(colon - line) : 0;
	char number[16];

	if (!n)
		return false;
	*rest = colon + 1;
	snprintf(number, sizeof(number), "%u", owner->uid);
	return (owner->name && strlen(owner->name) == n && memcmp(owner->name, line, n) == 0) ||
		(strlen(number) == n && memcmp(number, line, n) == 0);
}

char *subid_name(const char *text, size_t len, uint32_t uid)
{
	const char *end = text + len;

	/* name:password:uid:... */
	for (const char *line = text; line < end;) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		const char *stop = eol ? eol : end;
		const char *name_end = memchr(line, ':', (size_t)(stop - line));
		const char *at = name_end ? memchr(name_end + 1, ':', (size_t)(stop - name_end - 1))
					  : NULL;
		uint64_t number;

		if (at && name_end > line && ++at < stop &&
			read_number(&at, stop, ':', &number) == 0 && number == uid)
			return xstrndup(line, (size_t)(name_end - line));
		line = eol ? eol + 1 : end;
	}
	return NULL;
}

static bool overlaps(const struct subid_range *r, uint64_t first, uint64_t count)
{
	return first < (uint64_t)r->first + r->count && r->first < first + count;
}

static void add_range(struct subid_ranges *ranges, uint64_t first, uint64_t count, uint32_t own)
{
	const struct subid_range mine = {own, 1};
	uint64_t total = 1; /* the user's own */

	/* 2^32 - 1 is no id */
	if (!count || first + count > UINT32_MAX || ranges->count == SUBID_RANGES_MAX ||
		overlaps(&mine, first, count))
		return;
	for (size_t i = 0; i < ranges->count; i++) {
		if (overlaps(&ranges->items[i], first, count))
			return;
		total += ranges->items[i].count;
	}
	if (total + count > UINT32_MAX)
		return;
	ranges->items[ranges->count++] = (struct subid_range){(uint32_t)first, (uint32_t)count};
}

void subid_parse(
	const char *text, size_t len, const struct subid_owner *owner, struct subid_ranges *ranges)
{
	const char *end = text + len;

	ranges->count = 0;
	for (const char *line = text; line < end;) {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		const char *stop = eol ? eol : end, *at;
		uint64_t first, count;

		if (is_mine(line, stop, owner, &at) && read_number(&at, stop, ':', &first) == 0 &&
			read_number(&at, stop, '\n', &count) == 0)
			add_range(ranges, first, count, owner->own);
		line = eol ? eol + 1 : end;
	}
}

int subid_read(const char *path, const struct subid_owner *owner, struct subid_ranges *ranges,
	struct err *err)
{
	own_buf struct buf text = {0};
	int r = io_read_file(AT_FDCWD, path, SUBID_FILE_MAX, &text, err);

	ranges->count = 0;
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return r;
	subid_parse(buf_str(&text), text.len, owner, ranges);
	return 0;
}

void subid_add_words(const struct subid_ranges *ranges, uint32_t own, struct strv *words)
{
	uint32_t inside = 1;

	strv_add(words, "0");
	strv_addf(words, "%u", own);
	strv_add(words, "1");
	for (size_t i = 0; i < ranges->count; i++) {
		strv_addf(words, "%u", inside);
		strv_addf(words, "%u", ranges->items[i].first);
		strv_addf(words, "%u", ranges->items[i].count);
		inside += ranges->items[i].count;
	}
}
