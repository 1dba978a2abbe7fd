/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/disk_usage.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/io.h"
#include "lib/own.h"
#include "spec/digest.h"

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

int64_t disk_usage_tree(int dirfd, const char *name)
{
	return walk(dirfd, name, 0);
}

void disk_usage_container(
	struct engine *e, const struct container_record *record, int64_t *upper, int64_t *layers)
{
	char path[CONTAINER_ID_LEN + 16];

	snprintf(path, sizeof(path), "%s/upper", record->id);
	*upper = walk(e->store->containers, path, 0);
	*layers = 0;
	for (size_t i = 0; i < record->layers.count; i++) {
		if (!digest_valid(record->layers.items[i]))
			continue;
		snprintf(path, sizeof(path), "%.64s/fs",
			record->layers.items[i] + DIGEST_PREFIX_LEN);
		*layers += walk(e->store->layers, path, 0);
	}
}
