/* SPDX-License-Identifier: Apache-2.0 */
#include "store/disk_usage.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/own.h"
#include "spec/digest.h"
#include "spec/reference.h"
#include "store/store_private.h"

#define DEPTH_MAX 200 /* a deeper tree is counted up to here */

static int64_t walk(int parent, const char *name, int depth)
{
	own_dir DIR *d = io_open_dir(parent, name);
	struct dirent *entry;
	int64_t total = 0;

	if (!d)
		return 0;
	while ((entry = readdir(d))) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (S_ISREG(st.st_mode))
			total += st.st_size;
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			total += walk(dirfd(d), entry->d_name, depth + 1);
	}
	return total;
}

void disk_usage_container(
	struct store *store, const struct container_record *record, int64_t *upper, int64_t *layers)
{
	char path[CONTAINER_ID_LEN + 16];

	snprintf(path, sizeof(path), "%s/upper", record->id);
	*upper = walk(store->containers, path, 0);
	*layers = 0;
	for (size_t i = 0; i < record->layers.count; i++) {
		if (!digest_valid(record->layers.items[i]))
			continue;
		snprintf(path, sizeof(path), "%.64s/fs",
			record->layers.items[i] + DIGEST_PREFIX_LEN);
		*layers += walk(store->layers, path, 0);
	}
}

int64_t disk_usage_volume(struct store *store, const char *name)
{
	return name_valid(name) ? walk(store->volumes, name, 0) : 0;
}

int64_t disk_usage_cache(struct store *store)
{
	return walk(store->root, "cache", 0);
}
