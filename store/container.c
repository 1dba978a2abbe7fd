/* SPDX-License-Identifier: Apache-2.0 */
#include "store/container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/reference.h"
#include "store/container_name.h"
#include "store/container_open.h"
#include "store/record_file.h"
#include "store/snapshot.h"
#include "store/store_private.h"
#include "store/temp_dir.h"

#define LOCK_NAME "lock"

void stored_container_new_id(char id[CONTAINER_ID_LEN + 1])
{
	io_random_hex(id, CONTAINER_ID_LEN / 2);
}

static int write_record(
	int dir, const struct container_record *record, unsigned flags, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	struct container_record ours = *record;

	ours.version = CONTAINER_RECORD_VERSION;
	json_write(schema_encode(&container_record_schema, &ours, &a), JSON_COMPACT, &text);
	return io_publish_file(dir, STORED_CONTAINER_RECORD, text.data, text.len, 0600,
		flags & STORED_CONTAINER_DURABLE ? IO_DURABLE : 0, err);
}

int stored_container_write_record(struct stored_container *c, const struct container_record *record,
	unsigned flags, struct err *err)
{
	int r;

	if (strcmp(record->id, c->id) != 0 || strcmp(record->name, c->record.name) != 0)
		return err_set(err, EINVAL, "a container's record keeps its id and name");
	r = write_record(c->dir, record, flags, err);
	return r == 0 ? stored_container_read_record(c->dir, &c->record, &c->arena, err) : r;
}

static int check_record(const struct container_record *record, struct err *err)
{
	if (!record->id || !container_id_valid(record->id))
		return err_set(err, E_USAGE, "invalid container ID '%s': expected 64 hex digits",
			record->id ? record->id : "");
	if (!record->name || !name_valid(record->name))
		return err_set(err, E_USAGE,
			"invalid container name '%s': expected [a-zA-Z0-9][a-zA-Z0-9_.-]...",
			record->name ? record->name : "");
	return 0;
}

/* All of the container's directory, under its temporary name. */
static int fill_directory(struct store *store, struct stored_container *c,
	const struct container_record *record, unsigned flags, struct err *err)
{
	int r;

	c->lock = lock_file(c->dir, LOCK_NAME, 0, err);
	if (c->lock < 0)
		return c->lock;
	if (mkdirat(c->dir, "bundle", 0700) < 0 || mkdirat(c->dir, "bundle/rootfs", 0755) < 0)
		return err_errno(err, "cannot make 'bundle/rootfs'");
	r = flags & STORED_CONTAINER_UNHELD
		? io_publish_file(c->dir, STORED_CONTAINER_MARK, "", 0, 0600, 0, err)
		: 0;
	if (r == 0)
		r = snapshot_prepare(store, c->dir, &record->layers, err);
	if (r == 0)
		r = write_record(c->dir, record, flags, err);
	if (r == 0)
		r = stored_container_read_record(c->dir, &c->record, &c->arena, err);
	return r;
}

static int publish(struct store *store, struct stored_container *c, const char *temp,
	unsigned flags, struct err *err)
{
	bool durable = (flags & STORED_CONTAINER_DURABLE) && !(flags & STORED_CONTAINER_UNFINISHED);
	int r;

	/* after a crash: everything in it, or no container; an unfinished one is none yet */
	if (durable && fsync(c->dir) < 0)
		return err_errno(err, "cannot write container '%s' to disk", c->id);
	if (renameat2(store->containers, temp, store->containers, c->id, RENAME_NOREPLACE) < 0)
		return errno == EEXIST ? err_set(err, E_EXISTS, "container '%s' exists", c->id)
				       : err_errno(err, "cannot publish container '%s'", c->id);
	r = flags & STORED_CONTAINER_UNFINISHED
		? 0
		: container_name_claim(store, c->record.name, c->id, err);
	if (r < 0) {
		/* back under the name that says it is nothing */
		if (renameat(store->containers, c->id, store->containers, temp) < 0)
			return err_errno(err, "cannot take back container '%s'", c->id);
		return r;
	}
	if (durable && (fsync(store->containers) < 0 || fsync(store->names) < 0))
		return err_errno(err, "cannot write container '%s' to disk", c->id);
	return 0;
}

int stored_container_create(struct store *store, const struct container_record *record,
	unsigned flags, struct stored_container *out, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	char temp[CONTAINER_ID_LEN + 8];
	struct err ignored;
	int r = check_record(record, err);

	if (r == 0)
		r = container_name_check(store, record->name, err);
	if (r < 0)
		return r;
	memcpy(c.id, record->id, sizeof(c.id));
	c.path = xasprintf("%s/containers/%s", store->root_path, c.id);
	snprintf(temp, sizeof(temp), TEMP_PREFIX "%s", c.id);
	c.dir = temp_dir_lock(store->containers, temp, true, err);
	if (c.dir < 0)
		return err_wrap(err, "cannot make container '%s'", c.id);
	r = fill_directory(store, &c, record, flags, err);
	if (r < 0)
		err_wrap(err, "cannot make container '%s' in '%s'", c.id, store->root_path);
	else
		r = publish(store, &c, temp, flags, err);
	if (r < 0) {
		path_remove_tree(store->containers, temp, &ignored);
		return r;
	}
	*out = c;
	c = (struct stored_container)STORED_CONTAINER_INIT;
	return 0;
}

/* Is the open directory still the container's? */
static bool still_there(const struct stored_container *c)
{
	struct stat held, named;

	return fstat(c->dir, &held) == 0 && stat(c->path, &named) == 0 &&
		held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

int stored_container_lock(struct stored_container *c, unsigned flags, struct err *err)
{
	own_fd int lock = lock_file(
		c->dir, LOCK_NAME, flags & STORED_CONTAINER_TRY ? LOCK_TRY : 0, err);

	if (lock == -E_IN_USE)
		return err_set(
			err, E_IN_USE, "container %s is being changed by another process", c->id);
	if (lock == -ENOENT || (lock >= 0 && !still_there(c)))
		return err_set(err, E_NOT_FOUND, "there is no container '%s'", c->id);
	if (lock < 0)
		return lock;
	c->lock = give_fd(lock);
	/* it may have got another name while we waited */
	return stored_container_read_record(c->dir, &c->record, &c->arena, err);
}

void stored_container_unlock(struct stored_container *c)
{
	own_fd_release(&c->lock);
	c->lock = -1;
}

int stored_container_rename(
	struct store *store, struct stored_container *c, const char *name, struct err *err)
{
	struct container_record record = c->record;
	own_fd int names = -1;
	int r;

	record.name = name;
	r = check_record(&record, err);
	if (r < 0)
		return r;
	names = container_name_lock(store, err);
	if (names < 0)
		return names;
	r = container_name_claim_locked(store, name, c->id, err);
	if (r == 0)
		r = write_record(c->dir, &record, STORED_CONTAINER_DURABLE, err);
	if (r == 0)
		r = container_name_free(store, c->record.name, c->id, err);
	if (r == 0)
		r = stored_container_read_record(c->dir, &c->record, &c->arena, err);
	return r;
}

int stored_container_remove(struct store *store, struct stored_container *c, struct err *err)
{
	own_stored_container struct stored_container gone = *c;
	char temp[CONTAINER_ID_LEN + 8];
	int r;

	*c = (struct stored_container)STORED_CONTAINER_INIT;
	r = container_name_free(store, gone.record.name, gone.id, err);
	if (r < 0)
		return r;
	snprintf(temp, sizeof(temp), TEMP_PREFIX "%s", gone.id);
	if (renameat(store->containers, gone.id, store->containers, temp) < 0 && errno != ENOENT)
		return err_errno(err, "cannot remove container '%s'", gone.id);
	r = path_remove_tree(store->containers, temp, err);
	return r < 0 ? err_wrap(err, "cannot remove container '%s'", gone.id) : 0;
}

int stored_container_remove_damaged(struct store *store, const char *id, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	char temp[CONTAINER_ID_LEN + 8];

	c.dir = openat(store->containers, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c.dir < 0)
		return err_errno(err, "cannot open container '%s'", id);
	c.lock = lock_file(c.dir, LOCK_NAME, LOCK_TRY, err);
	if (c.lock < 0)
		return err_wrap(err, "container '%s'", id);
	if (stored_container_running(store, id))
		return err_set(err, E_IN_USE, "container %s is running: stop it first", id);
	snprintf(temp, sizeof(temp), TEMP_PREFIX "%s", id);
	if (renameat(store->containers, id, store->containers, temp) < 0)
		return err_errno(err, "cannot remove container '%s'", id);
	return path_remove_tree(store->containers, temp, err);
}
