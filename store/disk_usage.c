/* SPDX-License-Identifier: Apache-2.0 */
#include "store/disk_usage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "spec/digest.h"
#include "spec/reference.h"
#include "store/layer_store.h"
#include "store/store_private.h"

#define DEPTH_MAX 200 /* a deeper tree is counted up to here */

/* Adds to *total. What goes meanwhile is no error. */
static int walk(int parent, const char *name, int depth, int64_t *total, struct err *err)
{
	own_dir DIR *d = dir_open(parent, name);
	struct dirent *entry;
	int r;

	if (!d)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", name);
	while ((r = dir_next(d, &entry, err)) > 0) {
		struct stat st;

		if (fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
			if (errno == ENOENT)
				continue;
			return err_errno(err, "'%s'", entry->d_name);
		}
		if (S_ISREG(st.st_mode))
			*total += st.st_size;
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX &&
			walk(dirfd(d), entry->d_name, depth + 1, total, err) < 0)
			return -err->code;
	}
	return r;
}

static int measure(int parent, const char *name, int64_t *total, struct err *err)
{
	int64_t sum = 0;

	if (walk(parent, name, 0, &sum, err) < 0)
		return err_wrap(err, "cannot measure '%s'", name);
	*total += sum;
	return 0;
}

int disk_usage_container(struct store *store, const struct container_record *record, int64_t *upper,
	int64_t *layers, struct err *err)
{
	int64_t own = 0, shared = 0;
	char path[CONTAINER_ID_LEN + 16];

	snprintf(path, sizeof(path), "%s/upper", record->id);
	if (measure(store->containers, path, &own, err) < 0)
		return -err->code;
	for (size_t i = 0; i < record->layers.count; i++) {
		own_fd int layer = -1;
		struct digest diff_id;
		struct err unknown;

		if (digest_parse(record->layers.items[i], &diff_id, &unknown) < 0)
			continue;
		layer = layer_store_open(store, &diff_id, err);
		if (layer == -E_NOT_FOUND) /* as with any file that has gone meanwhile */
			continue;
		if (layer < 0 || measure(layer, ".", &shared, err) < 0)
			return -err->code;
	}
	*upper = own;
	*layers = shared;
	return 0;
}

int disk_usage_volume(struct store *store, const char *name, int64_t *bytes, struct err *err)
{
	*bytes = 0;
	return name_valid(name) ? measure(store->volumes, name, bytes, err) : 0;
}

int disk_usage_cache(struct store *store, int64_t *bytes, struct err *err)
{
	*bytes = 0;
	return measure(store->root, "cache", bytes, err);
}
