/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"

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

	if (!dir)
		return errno == ENOENT ? 0 : err_errno(err, "cannot read " CGROUP_ROOT);
	while ((e = readdir(dir))) {
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
	return 0;
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

int cgroup_write(int dirfd, const char *dir, const char *file, const char *value, struct err *err)
{
	own_fd int fd = openat(dirfd, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return err_set(err, E_UNSUPPORTED,
			"cannot set '%s': cgroup '%s' has no such control (its controller is missing)",
			file, dir);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return err_errno(err, "cannot write '%s' to %s/%s", value, dir, file);
	return 0;
}

int cgroup_writef(
	int dirfd, const char *dir, const char *file, struct err *err, const char *fmt, ...)
{
	char value[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	return cgroup_write(dirfd, dir, file, value, err);
}

/* A directory that was there before us may hold others' processes, which delete would kill. */
static int refuse_used(const struct cgroup_hierarchy *h, struct err *err)
{
	own_fd int fd = openat(h->fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char one;

	if (fd >= 0 && read(fd, &one, 1) == 1)
		return err_set(err, E_IN_USE, "cgroup '%s' has processes already", h->dir);
	return 0;
}

/* mkdir level by level; each level of a cpuset needs its CPUs before it may have a child. */
static int make_levels(struct cgroup_hierarchy *h, bool cpuset, struct err *err)
{
	char path[PATH_MAX];
	size_t len = strlen(h->mount), whole = strlen(h->dir);

	if (whole >= sizeof(path))
		return err_set(err, ENAMETOOLONG, "cgroup path '%.80s...' is too long", h->dir);
	while (len < whole) {
		struct cgroup_hierarchy level = *h;
		own_fd int fd = -1;

		len += 1 + strcspn(h->dir + len + 1, "/");
		memcpy(path, h->dir, len);
		path[len] = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make cgroup '%s'", path);
		if (!cpuset || len == whole)
			continue;
		level.dir = path;
		level.fd = fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 && cgroup_v1_prepare_cpuset(&level, err) < 0)
			return -err->code;
	}
	return 0;
}

int cgroup_make_dir(struct cgroup_hierarchy *h, struct err *err)
{
	bool existed = false;

	if (mkdir(h->dir, 0755) < 0) {
		existed = errno == EEXIST;
		if (!existed && errno != ENOENT)
			return err_errno(err, "cannot make cgroup '%s'", h->dir);
		if (!existed && make_levels(h, strcmp(h->name, "cpuset") == 0, err) < 0)
			return -err->code;
	}
	h->fd = open(h->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (h->fd < 0)
		return err_errno(err, "cannot open cgroup '%s'", h->dir);
	return existed ? refuse_used(h, err) : 0;
}

static bool has_controller(const struct cgroup_hierarchy *h, const char *controller)
{
	size_t len = strlen(controller);

	for (const char *p = h->name; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, controller, len) == 0 && (!p[len] || p[len] == ','))
			return true;
	return false;
}

struct cgroup_hierarchy *cgroup_v1_of(struct cgroup *cg, const char *controller)
{
	for (unsigned i = 0; i < cg->count; i++)
		if (!cg->items[i].v2 && has_controller(&cg->items[i], controller))
			return &cg->items[i];
	return NULL;
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

void cgroup_dirs(const struct cgroup *cg, struct strings *dirs, struct arena *a)
{
	for (unsigned i = 0; i < cg->count; i++)
		strings_add(a, dirs, cg->items[i].dir);
}
