/* SPDX-License-Identifier: Apache-2.0 */
#include "store/container_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/io.h"
#include "lib/own.h"
#include "store/record_file.h"
#include "store/store_private.h"

void stored_container_release(struct stored_container *c)
{
	own_fd_release(&c->lock);
	own_fd_release(&c->dir);
	free(c->path);
	arena_release(&c->arena);
	*c = (struct stored_container)STORED_CONTAINER_INIT;
}

int stored_container_read_record(
	int dir, struct container_record *record, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};

	if (record_file_read(dir, STORED_CONTAINER_RECORD, &text, err) < 0)
		return -err->code;
	if (container_record_decode(buf_str(&text), text.len, record, a, err) < 0)
		return record_file_blame(dir, STORED_CONTAINER_RECORD, err);
	return 0;
}

int stored_container_open(
	struct store *store, const char *id, struct stored_container *out, struct err *err)
{
	own_stored_container struct stored_container c = STORED_CONTAINER_INIT;
	int r;

	c.dir = openat(store->containers, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c.dir < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, E_NOT_FOUND, "there is no container '%s'", id);
	if (c.dir < 0)
		return err_errno(err, "cannot open container '%s'", id);
	r = stored_container_read_record(c.dir, &c.record, &c.arena, err);
	/* never was, or is what a power cut left of one that should not survive it */
	if (r == -ENODATA)
		return err_set(err, E_NOT_FOUND, "there is no container '%s'", id);
	if (r < 0)
		return err_wrap(err, "container '%.12s'", id);
	snprintf(c.id, sizeof(c.id), "%s", id);
	c.path = xasprintf("%s/containers/%s", store->root_path, id);
	*out = c;
	c = (struct stored_container)STORED_CONTAINER_INIT;
	return 0;
}
