/* SPDX-License-Identifier: Apache-2.0 */
/* What an empty volume gets from the directory that it is mounted on. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"
#include "store/layer/layer_worker.h"
#include "store/temp_dir.h"
#include "store/volume.h"

#define FILL_NAME TEMP_PREFIX "fill" /* beside _data; a directory on the same file system */

/* kist-layer pack | kist-layer unpack: neither sees more than its own directory. */
static int copy_tree(int from, int to, struct err *err)
{
	static const struct layer_unpack options = {.whiteouts = LAYER_WHITEOUTS_APPLY};
	const char *const argv[] = {"kist-layer", "pack", "/proc/self/fd/3", NULL};
	struct spawn sp = {.argv = argv, .flags = SPAWN_DIE_WITH_PARENT};
	own(layer_worker_release) struct layer_worker worker = {
		.child = {.pid = -1}, .in = -1, .info = -1, .implied = -1};
	struct layer_result result;
	struct child packer;
	int status, r;

	r = layer_unpack_start(to, -1, &options, &worker, err);
	if (r < 0)
		return r;
	spawn_pass(&sp, from, 3);
	spawn_pass(&sp, worker.in, STDOUT_FILENO);
	r = spawn_start(&sp, &packer, err);
	if (r < 0)
		return r;
	r = layer_unpack_finish(&worker, &result, err);
	if (child_wait(&packer, &status, r < 0 ? NULL : err) < 0 || r < 0)
		return -err->code;
	return status ? err_set(err, E_CHILD, "'kist-layer' failed with status %d", status) : 0;
}

/* What is in dir goes. Returns 0. */
static int empty(int dir, struct err *err)
{
	own_strv struct strv names = {0};
	int r = dir_names(dir, ".", NULL, &names, err);

	for (size_t i = 0; r == 0 && i < names.count; i++)
		r = path_remove_tree(dir, names.items[i], err);
	return r;
}

/* Move what is in from to data, all of it or nothing, and the attributes of source. Returns 0. */
static int move(int from, int data, int source, struct err *err)
{
	own_strv struct strv names = {0};
	struct err ignored;
	struct stat st;
	size_t moved = 0;
	int r = dir_names(from, ".", NULL, &names, err);

	for (; r == 0 && moved < names.count; moved++) {
		const char *name = names.items[moved];

		if (renameat2(from, name, data, name, RENAME_NOREPLACE) < 0) {
			r = err_errno(err, "cannot move '%s' into it", name);
			break;
		}
	}
	if (r == 0 &&
		(fstat(source, &st) < 0 || fchown(data, st.st_uid, st.st_gid) < 0 ||
			fchmod(data, st.st_mode & 07777) < 0))
		r = err_errno(err, "cannot set its owner and mode");
	/* what somebody else has put there meanwhile stays */
	while (r < 0 && moved-- > 0)
		path_remove_tree(data, names.items[moved], &ignored);
	return r;
}

/* The copy is made beside _data, and moved there when it is complete. */
static int fill(int volume, int data, int source, struct err *err)
{
	own_fd int temp = temp_dir_lock(volume, FILL_NAME, false, err);
	own_strv struct strv there = {0};
	struct err ignored;
	int r = temp < 0 ? temp : empty(temp, err); /* what a killed one left */

	if (r == 0)
		r = dir_names(data, ".", NULL, &there, err);
	if (r == 0 && !there.count) { /* else another was quicker */
		r = copy_tree(source, temp, err);
		if (r == 0)
			r = move(temp, data, source, err);
	}
	if (temp >= 0)
		path_remove_tree(volume, FILL_NAME, &ignored);
	return r;
}

static int populate(int volume, int root, const char *path, struct err *err)
{
	own_fd int data = openat(volume, "_data", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	own_strv struct strv there = {0};
	own_fd int source = -1;

	if (data < 0)
		return err_errno(err, "cannot open its '_data'");
	if (dir_names(data, ".", NULL, &there, err) < 0)
		return -err->code;
	if (there.count)
		return 0;
	source = path_open(root, path, O_RDONLY | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	/* where there is nothing, or no directory, there is nothing to copy */
	if (source < 0)
		return err->code == ENOENT || err->code == ENOTDIR ? 0 : source;
	return fill(volume, data, source, err);
}

int volume_populate(
	struct store *store, const char *name, int root, const char *path, struct err *err)
{
	own_fd int dir = volume_open(store, name, err);
	int r = dir < 0 ? dir : populate(dir, root, path, err);

	return r < 0 && dir >= 0 ? err_wrap(err, "volume '%s', from '%s'", name, path) : r;
}
