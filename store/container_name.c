/* SPDX-License-Identifier: Apache-2.0 */
#include "store/container_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "spec/reference.h"
#include "store/container_open.h"
#include "store/store_private.h"

/* Where the link leads, if that is an id at all. Returns 0 or -errno. */
static int read_link(struct store *store, const char *name, char id[CONTAINER_ID_LEN + 1])
{
	char target[CONTAINER_ID_LEN + 2];
	ssize_t n = readlinkat(store->names, name, target, sizeof(target));

	if (n < 0)
		return -errno;
	if (n != CONTAINER_ID_LEN)
		return -EINVAL;
	memcpy(id, target, CONTAINER_ID_LEN);
	id[CONTAINER_ID_LEN] = '\0';
	return container_id_valid(id) ? 0 : -EINVAL;
}

int container_name_resolve(
	struct store *store, const char *name, char id[CONTAINER_ID_LEN + 1], struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	struct err why;
	int r;

	if (name_valid(name) && read_link(store, name, id) == 0) {
		r = stored_container_open(store, id, &c, &why);
		if (r == 0 ? strcmp(c.record.name, name) == 0 : r != -E_NOT_FOUND)
			return 0;
	}
	return err_set(err, E_NOT_FOUND, "there is no container '%s'", name);
}

int container_name_check(struct store *store, const char *name, struct err *err)
{
	char id[CONTAINER_ID_LEN + 1];
	struct err none;

	if (container_name_resolve(store, name, id, &none) < 0)
		return 0;
	return err_set(err, E_EXISTS, "the name '%s' is taken by container %s", name, id);
}

bool stored_container_finished(struct store *store, const struct container_record *record)
{
	char id[CONTAINER_ID_LEN + 1];

	return read_link(store, record->name, id) == 0 && strcmp(id, record->id) == 0;
}

bool container_name_taken(struct store *store, const char *name)
{
	return faccessat(store->names, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

int container_name_lock(struct store *store, struct err *err)
{
	return lock_file(store->names, ".lock", 0, err); /* no name begins with a dot */
}

int container_name_claim_locked(
	struct store *store, const char *name, const char *id, struct err *err)
{
	char target[CONTAINER_ID_LEN + 1];
	int r;

	while (symlinkat(id, store->names, name) < 0) {
		if (errno != EEXIST)
			return err_errno(err, "cannot take the name '%s'", name);
		if (read_link(store, name, target) == 0 && strcmp(target, id) == 0)
			return 0; /* an earlier attempt for the same container left it */
		r = container_name_check(store, name, err);
		if (r < 0)
			return r;
		if (unlinkat(store->names, name, 0) < 0 && errno != ENOENT)
			return err_errno(err, "cannot free the name '%s'", name);
	}
	return 0;
}

int container_name_claim(struct store *store, const char *name, const char *id, struct err *err)
{
	own_fd int lock = -1;

	if (symlinkat(id, store->names, name) == 0)
		return 0;
	if (errno != EEXIST)
		return err_errno(err, "cannot take the name '%s'", name);
	lock = container_name_lock(store, err);
	return lock < 0 ? lock : container_name_claim_locked(store, name, id, err);
}

int container_name_free(struct store *store, const char *name, const char *id, struct err *err)
{
	char target[CONTAINER_ID_LEN + 1];

	if (read_link(store, name, target) < 0 || strcmp(target, id) != 0)
		return 0;
	if (unlinkat(store->names, name, 0) < 0 && errno != ENOENT)
		return err_errno(err, "cannot free the name '%s'", name);
	return 0;
}

int container_name_collect(struct store *store, uint64_t *count, struct err *err)
{
	own_fd int lock = container_name_lock(store, err);
	own_dir DIR *dir = dir_open(store->names, ".");
	char id[CONTAINER_ID_LEN + 1];
	struct dirent *e;
	struct err none;
	int r;

	if (!dir)
		return err_errno(err, "cannot read '%s/names'", store->root_path);
	if (lock < 0)
		return lock;
	while ((r = dir_next(dir, &e, err)) > 0) {
		if (e->d_name[0] == '.' || container_name_resolve(store, e->d_name, id, &none) == 0)
			continue;
		if (unlinkat(store->names, e->d_name, 0) < 0 && errno != ENOENT)
			return err_errno(err, "cannot free the name '%s'", e->d_name);
		*count += 1;
	}
	return r < 0 ? err_wrap(err, "'%s/names'", store->root_path) : 0;
}
