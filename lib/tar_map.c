/* SPDX-License-Identifier: Apache-2.0 */
/* Maps of sparse files (GNU tar manual, "Storing Sparse Files"). */
#include <errno.h>
#include <stdlib.h>

#include "lib/mem.h"
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

int tar_map_add_gnu(struct tar_map *map, const char (*pairs)[24], size_t n, struct err *err)
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
