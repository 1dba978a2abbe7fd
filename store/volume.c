/* SPDX-License-Identifier: Apache-2.0 */
#include "store/volume.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/lock.h"
#include "lib/own.h"
#include "lib/path.h"
#include "spec/reference.h"
#include "spec/volume_record.h"
#include "store/record_file.h"
#include "store/store_private.h"
#include "store/temp_dir.h"

#define VOLUME_FILE "volume.json"

static int check_name(const char *name, struct err *err)
{
	if (name_valid(name))
		return 0;
	return err_set(err, E_USAGE,
		"invalid volume name '%s': expected [a-zA-Z0-9][a-zA-Z0-9_.-]...", name);
}

int volume_open(struct store *store, const char *name, struct err *err)
{
	int dir = -1;

	errno = ENOENT;
	if (name_valid(name))
		dir = openat(store->volumes, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return errno == ENOENT ? err_set(err, E_NOT_FOUND, "there is no volume '%s'", name)
				       : err_errno(err, "cannot open volume '%s'", name);
	return dir;
}

static int read_volume(struct store *store, const char *name, struct volume *volume,
	struct arena *a, struct err *err)
{
	own_fd int dir = volume_open(store, name, err);
	own_buf struct buf text = {0};
	struct volume_record v;

	if (dir < 0)
		return dir;
	if (record_file_read(dir, VOLUME_FILE, &text, err) < 0)
		return err_wrap(err, "volume '%s'", name);
	if (volume_record_decode(buf_str(&text), text.len, &v, a, err) < 0) {
		record_file_blame(dir, VOLUME_FILE, err);
		return err_wrap(err, "volume '%s'", name);
	}
	*volume = (struct volume){
		.name = arena_strdup(a, name),
		.path = arena_printf(a, "%s/volumes/%s/_data", store->root_path, name),
		.created = v.created,
		.labels = v.labels,
		.anonymous = v.anonymous,
	};
	return 0;
}

int volume_find(struct store *store, const char *name, struct volume *volume, struct arena *a,
	struct err *err)
{
	return read_volume(store, name, volume, a, err);
}

/* Everything under a temporary name, then rename. */
static int make_volume(struct store *store, const char *name, const struct string_map *labels,
	bool anonymous, struct err *err)
{
	own_arena struct arena a = {0};
	own_buf struct buf text = {0};
	char created[IO_TIME_MAX], temp[40], random[17];
	struct volume_record v = {
		.version = VOLUME_RECORD_VERSION, .created = created, .anonymous = anonymous};
	own_fd int dir = -1;
	struct err ignored;
	int r;

	io_time_now(created);
	if (labels)
		v.labels = *labels;
	json_write(schema_encode(&volume_record_schema, &v, &a), JSON_COMPACT, &text);
	io_random_hex(random, 8);
	snprintf(temp, sizeof(temp), TEMP_PREFIX "%s", random);
	dir = temp_dir_lock(store->volumes, temp, true, err);
	if (dir < 0)
		return dir;
	r = io_publish_file(dir, VOLUME_FILE, text.data, text.len, 0600, IO_DURABLE, err);
	if (r == 0 &&
		(mkdirat(dir, "_data", 0755) < 0 || fchmodat(dir, "_data", 0755, 0) < 0 ||
			fsync(dir) < 0 ||
			renameat2(store->volumes, temp, store->volumes, name, RENAME_NOREPLACE) <
				0 ||
			fsync(store->volumes) < 0))
		r = errno == EEXIST ? -E_EXISTS : err_errno(err, "cannot make it");
	if (r < 0)
		path_remove_tree(store->volumes, temp, &ignored);
	return r;
}

int volume_create(struct store *store, const char *name, const struct string_map *labels,
	struct volume *volume, struct arena *a, struct err *err)
{
	char random[65];
	bool anonymous = !name;
	struct err none;
	int r;

	if (anonymous) {
		io_random_hex(random, 32);
		name = random;
	}
	r = check_name(name, err);
	if (r < 0)
		return r;
	if (read_volume(store, name, volume, a, &none) == 0)
		return 0;
	r = make_volume(store, name, labels, anonymous, err);
	if (r < 0 && r != -E_EXISTS)
		return err_wrap(err, "cannot create volume '%s'", name);
	if (read_volume(store, name, volume, a, err) < 0)
		return -err->code;
	return r == 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct volume *)a)->name, ((const struct volume *)b)->name);
}

int volume_list(struct store *store, struct volume_list *list, struct arena *a, struct err *err)
{
	own_strv struct strv names = {0};

	if (dir_names(store->volumes, ".", name_valid, &names, err) < 0)
		return err_wrap(err, "'%s/volumes'", store->root_path);
	*list = (struct volume_list){
		.items = arena_array(a, names.count + 1, sizeof(*list->items))};
	for (size_t i = 0; i < names.count; i++) {
		struct err why;
		int r = read_volume(store, names.items[i], &list->items[list->count], a, &why);

		if (r == 0)
			list->count++;
		else if (r != -E_NOT_FOUND) /* removed meanwhile */
			strings_add(a, &list->damaged, arena_strdup(a, why.msg));
	}
	qsort(list->items, list->count, sizeof(*list->items), by_name);
	return 0;
}

int volume_remove(struct store *store, const char *name, struct err *err)
{
	char temp[40], random[17];
	int r;

	if (!name_valid(name))
		return err_set(err, E_NOT_FOUND, "there is no volume '%s'", name);
	io_random_hex(random, 8);
	snprintf(temp, sizeof(temp), TEMP_PREFIX "%s", random);
	if (renameat(store->volumes, name, store->volumes, temp) < 0)
		return errno == ENOENT ? err_set(err, E_NOT_FOUND, "there is no volume '%s'", name)
				       : err_errno(err, "cannot remove volume '%s'", name);
	r = path_remove_tree(store->volumes, temp, err);
	return r < 0 ? err_wrap(err, "cannot remove volume '%s'", name) : 0;
}
