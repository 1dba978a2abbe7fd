/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Containers that are being made or removed: they have a directory, and no name leads to them. What
 * a killed process has left of one is told by its lock, which nobody holds then.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "lib/path.h"
#include "store/container_name.h"
#include "store/container_open.h"
#include "store/store_private.h"
#include "store/temp_dir.h"
#include "store/volume.h"

/* Between the steps of a script nobody holds a lock: it gets this long from one to the next. */
#define SCRIPT_SECONDS 3600

/* What was made since the record was written; missing is no error. */
static int sync_file(int dir, const char *name, struct err *err)
{
	own_fd int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	return fd < 0 || fsync(fd) < 0 ? err_errno(err, "cannot write '%s' to disk", name) : 0;
}

int stored_container_finish(
	struct store *store, struct stored_container *c, unsigned flags, struct err *err)
{
	bool durable = flags & STORED_CONTAINER_DURABLE;

	if (unlinkat(c->dir, STORED_CONTAINER_MARK, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot finish container '%s'", c->id);
	if (durable &&
		(sync_file(c->dir, "bundle/config.json", err) < 0 ||
			sync_file(c->dir, "bundle", err) < 0 || sync_file(c->dir, ".", err) < 0 ||
			sync_file(store->containers, ".", err) < 0))
		return -err->code;
	if (container_name_claim(store, c->record.name, c->id, err) < 0)
		return -err->code;
	if (durable && fsync(store->names) < 0)
		return err_errno(err, "cannot write container '%s' to disk", c->id);
	return 0;
}

/* A script may come back to it. */
static bool script_makes(int dir)
{
	struct stat st;

	return fstatat(dir, STORED_CONTAINER_MARK, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		time(NULL) - st.st_mtim.tv_sec < SCRIPT_SECONDS;
}

/* Anonymous volumes of one that never was are nobody's. */
static int remove_volumes(struct store *store, int dir, struct err *err)
{
	own_arena struct arena a = {0};
	struct container_record record;

	if (stored_container_read_record(dir, &record, &a, &(struct err){0}) < 0)
		return 0;
	for (size_t i = 0; i < record.volumes.count; i++)
		if (volume_remove(store, record.volumes.items[i], err) < 0 &&
			err->code != E_NOT_FOUND)
			return -err->code;
	return 0;
}

/* Has one that was finished lost its name while it is removed? Then its volumes stay. */
static bool was_started(struct store *store, const char *id, int dir)
{
	return faccessat(dir, "hosts", F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
		stored_container_has_log(store, id);
}

int stored_container_collect_one(struct store *store, const char *id, struct err *err)
{
	own_fd int dir = openat(
		store->containers, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	own_fd int lock = -1;

	if (dir < 0)
		return errno == ENOENT ? 1 : err_errno(err, "cannot open container '%s'", id);
	lock = lock_file(dir, "lock", LOCK_TRY, err);
	if (lock == -E_IN_USE || stored_container_running(store, id) || script_makes(dir))
		return 0;
	if (lock == -ENOENT)
		return 1;
	if (lock < 0)
		return lock;
	if (!was_started(store, id, dir) && remove_volumes(store, dir, err) < 0)
		return -err->code;
	return path_remove_tree(store->containers, id, err) < 0 ? -err->code : 1;
}

static bool is_finished(struct store *store, const char *id)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	int r = stored_container_open(store, id, &c, &(struct err){0});

	/* one that is damaged was a container, and is for a person to remove */
	return r == 0 ? stored_container_finished(store, &c.record) : r != -E_NOT_FOUND;
}

int stored_container_collect(struct store *store, uint64_t *count, struct err *err)
{
	own_strv struct strv ids = {0};
	uint64_t bytes = 0;

	if (stored_container_ids(store, &ids, err) < 0)
		return -err->code;
	for (size_t i = 0; i < ids.count; i++) {
		int r = is_finished(store, ids.items[i])
			? 0
			: stored_container_collect_one(store, ids.items[i], err);

		if (r < 0)
			return r;
		*count += (uint64_t)r;
	}
	/* and what was to become one of their volumes */
	if (temp_collect(store->containers, TEMP_PREFIX, count, &bytes, err) < 0)
		return -err->code;
	return temp_collect(store->volumes, TEMP_PREFIX, count, &bytes, err);
}
