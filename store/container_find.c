/* SPDX-License-Identifier: Apache-2.0 */
/* Finding and listing containers by walking containers/: there is no index to fall out of step. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "store/container_name.h"
#include "store/container_open.h"
#include "store/store_private.h"

int stored_container_ids(struct store *store, struct strv *ids, struct err *err)
{
	int r = dir_names(store->containers, ".", container_id_valid, ids, err);

	return r < 0 ? err_wrap(err, "'%s/containers'", store->root_path) : 0;
}

static int find_prefix(
	struct store *store, const char *text, char id[CONTAINER_ID_LEN + 1], struct err *err)
{
	own_strv struct strv ids = {0};
	size_t n = strlen(text), found = 0;
	int r = stored_container_ids(store, &ids, err);

	if (r < 0)
		return r;
	for (size_t i = 0; n && i < ids.count; i++) {
		if (strncmp(ids.items[i], text, n) != 0)
			continue;
		memcpy(id, ids.items[i], CONTAINER_ID_LEN + 1);
		found++;
	}
	if (found == 1)
		return 0;
	if (found)
		return err_set(
			err, E_USAGE, "'%s' is the beginning of several container IDs", text);
	return err_set(err, E_NOT_FOUND, "there is no container '%s'", text);
}

static int resolve(
	struct store *store, const char *text, char id[CONTAINER_ID_LEN + 1], struct err *err)
{
	struct err none;

	if (container_id_valid(text)) {
		memcpy(id, text, CONTAINER_ID_LEN + 1);
		return 0;
	}
	if (container_name_resolve(store, *text == '/' ? text + 1 : text, id, &none) == 0)
		return 0;
	return find_prefix(store, text, id, err);
}

int stored_container_find(struct store *store, const char *text, unsigned flags,
	struct stored_container *out, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	char id[CONTAINER_ID_LEN + 1];
	int r = resolve(store, text, id, err);

	if (r == 0)
		r = stored_container_open(store, id, &c, err);
	if (r == 0 && (flags & STORED_CONTAINER_LOCK))
		r = stored_container_lock(&c, flags & STORED_CONTAINER_TRY, err);
	if (r == -E_NOT_FOUND)
		return err_set(err, E_NOT_FOUND, "there is no container '%s'", text);
	if (r < 0)
		return r;
	*out = c;
	c = (struct stored_container)STORED_CONTAINER_INIT;
	return 0;
}

static int by_age(const void *a, const void *b)
{
	const struct container_record *x = a, *y = b;
	int order = strcmp(x->created, y->created);

	return order ? order : strcmp(x->id, y->id);
}

int stored_container_list(
	struct store *store, struct container_records *list, struct arena *a, struct err *err)
{
	own_strv struct strv ids = {0};
	int r = stored_container_ids(store, &ids, err);

	if (r < 0)
		return r;
	*list = (struct container_records){
		.items = arena_array(a, ids.count + 1, sizeof(*list->items)),
	};
	for (size_t i = 0; i < ids.count; i++) {
		struct container_record *record = &list->items[list->count];
		own_fd int dir = openat(store->containers, ids.items[i],
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		struct err why;

		if (dir < 0 && errno == ENOENT)
			continue;
		if (dir < 0)
			r = err_errno(&why, "'%s/containers/%s' cannot be opened", store->root_path,
				ids.items[i]);
		else
			r = stored_container_read_record(dir, record, a, &why);
		if (r == 0 && stored_container_finished(store, record))
			list->count++;
		else if (r < 0 && r != -ENODATA)
			strings_add(a, &list->damaged, arena_strdup(a, why.msg));
	}
	qsort(list->items, list->count, sizeof(*list->items), by_age);
	return 0;
}
