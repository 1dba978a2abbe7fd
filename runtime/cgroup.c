/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/own.h"
#include "lib/path.h"
#include "runtime/cgroup_private.h"

void cgroup_release(struct cgroup *cg)
{
	for (unsigned i = 0; i < cg->count; i++)
		own_fd_release(&cg->items[i].fd);
	cg->count = 0;
}

static void add(struct cgroup *cg, const char *mount, bool v2, struct arena *a)
{
	struct cgroup_hierarchy *h = &cg->items[cg->count];

	if (cg->count == CGROUP_HIERARCHIES_MAX)
		return;
	h->mount = arena_strdup(a, mount);
	h->name = strrchr(h->mount, '/') + 1;
	h->v2 = v2;
	h->fd = -1;
	h->dir = arena_printf(a, "%s%s", mount, cg->path);
	if (v2)
		cg->v2 = h;
	cg->count++;
}

/* Version 1 and hybrid: one directory per hierarchy, told apart by what is mounted there. */
static int detect_each(struct cgroup *cg, struct arena *a, struct err *err)
{
	own_dir DIR *dir = opendir(CGROUP_ROOT);
	struct dirent *e;
	int r;

	if (!dir)
		return errno == ENOENT ? 0 : err_errno(err, "cannot read " CGROUP_ROOT);
	while ((r = dir_next(dir, &e, err)) > 0) {
		char path[sizeof(CGROUP_ROOT) + 1 + sizeof(e->d_name)];
		struct statfs fs;

		/* "cpu" is a symbolic link where cpu and cpuacct are one hierarchy */
		if (e->d_name[0] == '.' || e->d_type != DT_DIR)
			continue;
		snprintf(path, sizeof(path), CGROUP_ROOT "/%s", e->d_name);
		if (statfs(path, &fs) < 0)
			continue;
		if (fs.f_type == CGROUP_SUPER_MAGIC || fs.f_type == CGROUP2_SUPER_MAGIC)
			add(cg, path, fs.f_type == CGROUP2_SUPER_MAGIC, a);
	}
	return r < 0 ? err_wrap(err, CGROUP_ROOT) : 0;
}

static bool leaves(const char *path)
{
	for (const char *p = path; (p = strstr(p, "..")); p += 2)
		if ((p == path || p[-1] == '/') && (!p[2] || p[2] == '/'))
			return true;
	return false;
}

/* "kist/a" and "/kist//a/" are "/kist/a". */
static int set_path(
	struct cgroup *cg, const char *path, const char *id, struct arena *a, struct err *err)
{
	own_mem char *clean = NULL;

	if (!path || !*path)
		path = id;
	if (leaves(path))
		return err_set(err, E_SYNTAX, "linux.cgroupsPath '%s' must not contain '..'", path);
	clean = path_clean(arena_printf(a, "/%s", path));
	if (strcmp(clean, "/") == 0)
		return err_set(
			err, E_SYNTAX, "linux.cgroupsPath '%s' names no cgroup of its own", path);
	cg->path = arena_strdup(a, clean);
	return 0;
}

int cgroup_init(
	struct cgroup *cg, const char *path, const char *id, struct arena *a, struct err *err)
{
	struct statfs fs;

	memset(cg, 0, sizeof(*cg));
	if (set_path(cg, path, id, a, err) < 0)
		return -err->code;
	if (statfs(CGROUP_ROOT, &fs) < 0)
		return 0;
	if (fs.f_type != CGROUP2_SUPER_MAGIC)
		return detect_each(cg, a, err);
	cg->v2_alone = true;
	add(cg, CGROUP_ROOT, true, a);
	return 0;
}

int cgroup_set(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	for (unsigned i = 0; i < cg->count; i++)
		cg->items[i].fd = open(cg->items[i].dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (cgroup_v1_apply(cg, r, err) < 0 || cgroup_v2_apply(cg, r, err) < 0)
		return -err->code;
	return 0;
}

int cgroup_join(const struct cgroup *cg, pid_t pid, bool v2_too, struct err *err)
{
	for (unsigned i = 0; i < cg->count; i++) {
		const struct cgroup_hierarchy *h = &cg->items[i];

		if (h->fd < 0 || (h->v2 && !v2_too))
			continue;
		if (cgroup_writef(h->fd, h->dir, "cgroup.procs", err, "%d", (int)pid) < 0)
			return -err->code;
	}
	return 0;
}

int cgroup_check_unused(const struct cgroup *cg, struct err *err)
{
	for (unsigned i = 0; i < cg->count; i++) {
		own_fd int dir = open(cg->items[i].dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (dir >= 0 && cgroup_refuse_used(dir, cg->items[i].dir, err) < 0)
			return -err->code;
	}
	return 0;
}

void cgroup_dirs(const struct cgroup *cg, bool ours, struct strings *dirs, struct arena *a)
{
	for (unsigned i = 0; i < cg->count; i++)
		if (!ours || cg->items[i].ours)
			strings_add(a, dirs, cg->items[i].dir);
}
