/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/run_network.h"
#include "lib/dir.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "lib/spawn.h"

#define PREFIX ".tmp-"

/* End what kist-runtime knows of the containers of a workspace that a killed build left. */
static int delete_containers(int workspace, const char *path, struct err *err)
{
	own_mem char *state = xasprintf("%s/runtime", path);
	own_dir DIR *d = dir_open(workspace, "runtime");
	struct dirent *e;
	int r;

	if (!d)
		return errno == ENOENT ? 0 : err_errno(err, "cannot read '%s'", state);
	while ((r = dir_next(d, &e, err)) > 0) {
		const char *const argv[] = {
			"kist-runtime", "--root", state, "delete", "--force", e->d_name, NULL};
		struct spawn sp = {.argv = argv};
		struct err
			ignored; /* the processes ended with the build; only a cgroup may be left */

		if (*e->d_name == '.')
			continue;
		spawn_pass(&sp, -1, 2);
		spawn_run(&sp, &ignored);
	}
	return r < 0 ? err_wrap(err, "'%s'", state) : 0;
}

/* One that a killed build left: end its container, if one is known, and remove it. */
static int collect(int build, const struct place *place, const char *name, struct err *err)
{
	own_fd int dir = openat(build, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	own_mem char *path = NULL;

	if (dir < 0 || flock(dir, LOCK_EX | LOCK_NB) < 0)
		return 0; /* gone, or in use */
	path = xasprintf("%s/cache/build/%s", place->root, name);
	if (delete_containers(dir, path, err) < 0)
		return -err->code;
	run_network_collect(place, path);
	return path_remove_tree(build, name, err);
}

static int collect_all(int build, const struct place *place, struct err *err)
{
	own_dir DIR *d = dir_open(build, ".");
	struct dirent *e;
	int r;

	if (!d)
		return err_errno(err, "cannot list '%s/cache/build'", place->root);
	while ((r = dir_next(d, &e, err)) > 0)
		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) == 0 &&
			collect(build, place, e->d_name, err) < 0)
			return -err->code;
	return r < 0 ? err_wrap(err, "'%s/cache/build'", place->root) : 0;
}

/* Made and locked under the build directory's lock, so that nobody takes it for a dead one. */
static int make_locked(struct workspace *w, struct err *err)
{
	char hex[17];

	io_random_hex(hex, 8);
	snprintf(w->name, sizeof(w->name), PREFIX "%s", hex);
	if (mkdirat(w->build, w->name, 0700) < 0)
		return err_errno(err, "cannot make '%s'", w->path);
	w->dir = openat(w->build, w->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (w->dir < 0 || flock(w->dir, LOCK_EX | LOCK_NB) < 0)
		return err_errno(err, "cannot lock a directory in '%s'", w->path);
	return 0;
}

/* ROOT/cache/build, locked: w->path is its path then. */
static int lock_build(const struct place *place, struct workspace *w, struct err *err)
{
	*w = (struct workspace)WORKSPACE_INIT;
	w->path = xasprintf("%s/cache/build", place->root);
	w->build = path_make_dirs(w->path, 0700, err);
	if (w->build < 0)
		return w->build;
	if (flock(w->build, LOCK_EX) < 0)
		return err_errno(err, "cannot lock '%s'", w->path);
	return collect_all(w->build, place, err);
}

int workspace_collect(const struct place *place, struct err *err)
{
	own(workspace_release) struct workspace w;

	return lock_build(place, &w, err);
}

int workspace_open(const struct place *place, struct workspace *w, struct err *err)
{
	char *build;

	if (lock_build(place, w, err) < 0 || make_locked(w, err) < 0)
		return -err->code;
	build = w->path;
	w->path = xasprintf("%s/%s", build, w->name);
	free(build);
	flock(w->build, LOCK_UN);
	return 0;
}

void workspace_release(struct workspace *w)
{
	struct err err;

	/* what cannot be removed now is removed by the next build */
	if (w->dir >= 0)
		path_remove_tree(w->build, w->name, &err);
	own_fd_release(&w->dir);
	own_fd_release(&w->build);
	free(w->path);
	*w = (struct workspace)WORKSPACE_INIT;
}

int workspace_make(
	struct workspace *w, const char *prefix, mode_t mode, char **path, struct err *err)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "%s-%u", prefix, w->count++);
	if (mkdirat(w->dir, name, mode) < 0)
		return err_errno(err, "cannot make '%s/%s'", w->path, name);
	fd = openat(w->dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "cannot open '%s/%s'", w->path, name);
	if (path)
		*path = xasprintf("%s/%s", w->path, name);
	return fd;
}

int workspace_remove(struct workspace *w, const char *path, struct err *err)
{
	return path_remove_tree(w->dir, strrchr(path, '/') + 1, err);
}
