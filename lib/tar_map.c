/* SPDX-License-Identifier: Apache-2.0 */
/* Maps of sparse files (GNU tar manual, "Storing Sparse Files"). */
#include <errno.h>
#include <stdlib.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/tar_format.h"

int tar_map_add(struct tar_map *map, int64_t offset, int64_t len, struct err *err)
{
	const struct tar_region *last = map->count ? &map->regions[map->count - 1] : NULL;

	if (offset < 0 || len < 0 || offset > TAR_SIZE_MAX || len > TAR_SIZE_MAX)
		return err_set(err, E_SYNTAX, "impossible region in a sparse file");
	if (last && (uint64_t)offset < last->offset + last->len)
		return err_set(err, E_SYNTAX, "regions of a sparse file overlap");
	if (len == 0)
		return 0; /* marks the end; the size says it already */
	if (map->count == TAR_SPARSE_MAX)
		return err_set(err, E_LIMIT, "sparse file of more than %d regions", TAR_SPARSE_MAX);
	if (map->count == map->cap) {
		map->cap = map->cap ? 2 * map->cap : 16;
		map->regions = xreallocarray(map->regions, map->cap, sizeof(*map->regions));
	}
	map->regions[map->count++] = (struct tar_region){(uint64_t)offset, (uint64_t)len};
	return 0;
}

/* From the pairs in one header or continuation block. */
static int add_gnu(struct tar_map *map, const char (*pairs)[24], size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		int64_t offset, len;
		int r;

		if (!pairs[i][0] && !pairs[i][12])
			break; /* unused from here on */
		if (tar_number(pairs[i], 12, &offset) < 0 ||
			tar_number(pairs[i] + 12, 12, &len) < 0)
			return err_set(err, E_SYNTAX, "malformed map of a sparse file");
		r = tar_map_add(map, offset, len, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int tar_map_add_text(struct tar_map *map, const char *text, struct err *err)
{
	while (*text) {
		long long pair[2];

		for (int i = 0; i < 2; i++) {
			char *end;

			errno = 0;
			pair[i] = strtoll(text, &end, 10);
			if (end == text || errno || (*end != ',' && (i == 0 || *end)))
				return err_set(err, E_SYNTAX, "malformed map of a sparse file");
			text = *end ? end + 1 : end;
		}
		if (tar_map_add(map, pair[0], pair[1], err) < 0)
			return -err->code;
	}
	return 0;
}

int tar_map_check(const struct tar_map *map, uint64_t stored, uint64_t size, struct err *err)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < map->count; i++) {
		sum += map->regions[i].len;
		if (map->regions[i].offset + map->regions[i].len > size || sum > stored)
			return err_set(err, E_SYNTAX, "map of a sparse file exceeds its size");
	}
	if (sum != stored)
		return err_set(err, E_SYNTAX, "map of a sparse file does not match its data");
	return 0;
}

int tar_map_read_gnu(struct tar_map *map, struct tar_cursor *in, const struct tar_sparse_header *h,
	int64_t *size, struct err *err)
{
	struct tar_sparse_block more;
	bool extended = h->extended;
	int result = add_gnu(map, h->map, ARRAY_LEN(h->map), err);

	if (result < 0)
		return result;
	if (tar_number(h->real_size, 12, size) < 0)
		*size = -1;
	for (size_t blocks = 0; extended; blocks++) {
		ssize_t n = tar_copy(in, &more, sizeof(more), err);

		if (n < 0)
			return (int)n;
		if (n < (ssize_t)sizeof(more))
			return tar_ended_early(err);
		if (blocks > TAR_SPARSE_MAX / ARRAY_LEN(more.map))
			return err_set(err, E_LIMIT, "sparse file of more than %d regions",
				TAR_SPARSE_MAX);
		result = add_gnu(map, more.map, ARRAY_LEN(more.map), err);
		if (result < 0)
			return result;
		extended = more.extended;
	}
	return 0;
}

/* One decimal number and LF of the map that stands in front of the data (version 1.0). */
static int map_number(struct tar_cursor *in, uint64_t *left, int64_t *value, struct err *err)
{
	int64_t n = 0;

	for (int digits = 0;; digits++) {
		char c;
		ssize_t got = *left ? tar_copy(in, &c, 1, err) : 0;

		if (got < 0)
			return (int)got;
		if (got == 0)
			return tar_ended_early(err);
		(*left)--;
		if (c == '\n' && digits)
			break;
		if (c < '0' || c > '9' || digits == 18)
			return err_set(err, E_SYNTAX, "malformed map of a sparse file");
		n = n * 10 + (c - '0');
	}
	*value = n;
	return 0;
}

int tar_map_read_1_0(struct tar_map *map, struct tar_cursor *in, uint64_t *left, struct err *err)
{
	const uint64_t stored = *left;
	int64_t count, offset, len;

	if (map_number(in, left, &count, err) < 0)
		return -err->code;
	if (count > TAR_SPARSE_MAX)
		return err_set(err, E_LIMIT, "sparse file of more than %d regions", TAR_SPARSE_MAX);
	while (count--) {
		if (map_number(in, left, &offset, err) < 0 || map_number(in, left, &len, err) < 0 ||
			tar_map_add(map, offset, len, err) < 0)
			return -err->code;
	}
	/* the map is padded to a block */
	len = tar_padding(stored - *left);
	if ((uint64_t)len > *left)
		return tar_ended_early(err);
	*left -= (uint64_t)len;
	return tar_skip(in, (uint64_t)len, err);
}
