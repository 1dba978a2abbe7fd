/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding of header fields and pax records. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/own.h"
#include "lib/tar_format.h"

unsigned tar_checksum(const struct tar_header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	const size_t at = offsetof(struct tar_header, checksum);
	unsigned sum = 8 * ' ';

	for (size_t i = 0; i < at; i++)
		sum += p[i];
	for (size_t i = at + sizeof(h->checksum); i < TAR_BLOCK_SIZE; i++)
		sum += p[i];
	return sum;
}

/* The first bit says "binary", the second is the sign of a two's complement number. */
static int binary_number(const unsigned char *p, size_t len, int64_t *value)
{
	uint64_t fill = p[0] & 0x40 ? UINT64_MAX : 0;
	uint64_t n = fill << 6 | (p[0] & 0x3f);

	for (size_t i = 1; i < len; i++) {
		if (n >> 55 != (fill & 0x1ff))
			return -ERANGE;
		n = n << 8 | p[i];
	}
	*value = (int64_t)n;
	return 0;
}

int tar_number(const char *field, size_t len, int64_t *value)
{
	const char *end = field + len;
	uint64_t n = 0;

	if (*field & 0x80)
		return binary_number((const unsigned char *)field, len, value);
	while (field < end && *field == ' ')
		field++;
	for (; field < end && *field >= '0' && *field <= '7'; field++)
		n = n << 3 | (uint64_t)(*field - '0'); /* 12 digits are 36 bits */
	for (; field < end; field++)
		if (*field != ' ' && *field != '\0')
			return -EINVAL;
	*value = (int64_t)n;
	return 0;
}

static int pax_invalid(struct err *err, const char *key, const char *value)
{
	return err_set(
		err, E_SYNTAX, "invalid value '%.60s' for '%.60s' in a pax header", value, key);
}

static int pax_number(const char *key, const char *value, int64_t *number, struct err *err)
{
	char *end;

	errno = 0;
	*number = strtoll(value, &end, 10);
	if (*end || end == value || errno || *value == ' ' || *value == '+')
		return pax_invalid(err, key, value);
	return 0;
}

/* Seconds with a fraction; what is finer than a nanosecond is cut off. */
static int pax_time(const char *value, struct tar_pax *pax, struct err *err)
{
	const char *dot = strchr(value, '.');
	char whole[24] = "";
	uint32_t ns = 0, unit = 100000000;
	size_t n = dot ? (size_t)(dot - value) : strlen(value);

	if (n >= sizeof(whole))
		return pax_invalid(err, "mtime", value);
	memcpy(whole, value, n);
	if (pax_number("mtime", whole, &pax->mtime, err) < 0)
		return -err->code;
	for (const char *p = dot ? dot + 1 : ""; *p; p++, unit /= 10) {
		if (*p < '0' || *p > '9')
			return pax_invalid(err, "mtime", value);
		ns += unit * (uint32_t)(*p - '0');
	}
	/* -1.25 is 1.25 s before the epoch: -2 s and 750,000,000 ns */
	if (ns && *value == '-') {
		pax->mtime--;
		ns = 1000000000 - ns;
	}
	pax->mtime_ns = ns;
	pax->has_mtime = true;
	return 0;
}

static int pax_xattr(
	struct tar_pax *pax, const char *name, const char *value, size_t len, struct err *err)
{
	size_t i = 0;

	while (i < pax->nxattrs && strcmp(pax->xattrs[i].name, name) != 0)
		i++;
	if (i == TAR_XATTRS_MAX)
		return err_set(err, E_LIMIT, "more than %d extended attributes", TAR_XATTRS_MAX);
	pax->xattrs[i] = (struct tar_xattr){name, value, len};
	if (i == pax->nxattrs)
		pax->nxattrs++;
	return 0;
}

static int pax_sparse(struct tar_pax *pax, const char *key, const char *value, struct err *err)
{
	if (strcmp(key, "major") == 0) {
		pax->has_sparse_major = true;
		return pax_number(key, value, &pax->sparse_major, err);
	}
	if (strcmp(key, "minor") == 0)
		return pax_number(key, value, &pax->sparse_minor, err);
	if (strcmp(key, "size") == 0 || strcmp(key, "realsize") == 0) {
		pax->has_sparse_size = true;
		return pax_number(key, value, &pax->sparse_size, err);
	}
	if (strcmp(key, "name") == 0)
		pax->sparse_name = value;
	else if (strcmp(key, "map") == 0)
		pax->sparse_map = value;
	else if (strcmp(key, "offset") == 0 || strcmp(key, "numbytes") == 0)
		buf_addf(&pax->sparse_pairs, "%s%s", pax->sparse_pairs.len ? "," : "", value);
	return 0;
}

#define XATTR_PREFIX  "SCHILY.xattr."
#define SPARSE_PREFIX "GNU.sparse."

/* An empty value takes back what was said before (POSIX). */
static int pax_record(
	struct tar_pax *pax, const char *key, const char *value, size_t len, struct err *err)
{
	static const struct {
		const char *key;
		size_t flag, number;
	} numbers[] = {
		{"size", offsetof(struct tar_pax, has_size), offsetof(struct tar_pax, size)},
		{"uid", offsetof(struct tar_pax, has_uid), offsetof(struct tar_pax, uid)},
		{"gid", offsetof(struct tar_pax, has_gid), offsetof(struct tar_pax, gid)},
	};
	bool text = strcmp(key, "path") == 0 || strcmp(key, "linkpath") == 0;

	if (strncmp(key, XATTR_PREFIX, strlen(XATTR_PREFIX)) == 0)
		return pax_xattr(pax, key + strlen(XATTR_PREFIX), value, len, err);
	if (strncmp(key, SPARSE_PREFIX, strlen(SPARSE_PREFIX)) == 0)
		return pax_sparse(pax, key + strlen(SPARSE_PREFIX), value, err);
	if (text && strlen(value) != len)
		return err_set(err, E_SYNTAX, "NUL in '%s' of a pax header", key);
	if (text && *key == 'p')
		pax->path = len ? value : NULL;
	else if (text)
		pax->link = len ? value : NULL;
	if (strcmp(key, "mtime") == 0 && !len)
		pax->has_mtime = false;
	else if (strcmp(key, "mtime") == 0)
		return pax_time(value, pax, err);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		if (strcmp(key, numbers[i].key) != 0)
			continue;
		*(bool *)((char *)pax + numbers[i].flag) = len > 0;
		if (len)
			return pax_number(
				key, value, (int64_t *)((char *)pax + numbers[i].number), err);
	}
	return 0;
}

/* "LENGTH KEY=VALUE\n", LENGTH counting all of it. Returns the length. */
static ssize_t pax_split(char *p, size_t left, char **key, char **value, size_t *len)
{
	size_t total = 0, i = 0;
	char *equals;

	while (i < left && p[i] >= '0' && p[i] <= '9' && total <= TAR_PAX_MAX)
		total = total * 10 + (size_t)(p[i++] - '0');
	if (i == 0 || i >= left || p[i] != ' ' || total > left || total < i + 4 ||
		p[total - 1] != '\n')
		return -1;
	*key = p + i + 1;
	equals = memchr(*key, '=', total - i - 1);
	if (!equals || equals == *key || memchr(*key, '\0', (size_t)(equals - *key)))
		return -1;
	*equals = '\0';
	p[total - 1] = '\0';
	*value = equals + 1;
	*len = (size_t)(p + total - 1 - *value);
	return (ssize_t)total;
}

int tar_pax_decode(char *text, size_t len, struct tar_pax *pax, struct err *err)
{
	while (len) {
		char *key, *value;
		size_t value_len;
		ssize_t n = pax_split(text, len, &key, &value, &value_len);
		int r;

		if (n < 0)
			return err_set(err, E_SYNTAX, "malformed pax header");
		r = pax_record(pax, key, value, value_len, err);
		if (r < 0)
			return r;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

void tar_pax_reset(struct tar_pax *pax)
{
	struct buf pairs = pax->sparse_pairs;

	buf_reset(&pairs);
	/* the array of xattrs is large, and valid only up to its count */
	memset(pax, 0, offsetof(struct tar_pax, xattrs));
	memset((char *)pax + offsetof(struct tar_pax, nxattrs), 0,
		sizeof(*pax) - offsetof(struct tar_pax, nxattrs));
	pax->sparse_pairs = pairs;
}
