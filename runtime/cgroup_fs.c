/* SPDX-License-Identifier: Apache-2.0 */
/* Directories and control files, below both versions. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/cgroup_private.h"

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

/* The value of a cpuset file in the parent goes to the new one, which begins empty. */
static int inherit(const struct cgroup_hierarchy *h, const char *file, struct err *err)
{
	char parent[32], value[512], own[4];
	own_fd int in = -1, mine = openat(h->fd, file, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (mine >= 0 && read(mine, own, sizeof(own)) > 1)
		return 0;
	snprintf(parent, sizeof(parent), "../%s", file);
	in = openat(h->fd, parent, O_RDONLY | O_CLOEXEC);
	n = in < 0 ? -1 : read(in, value, sizeof(value) - 1);
	if (n < 0)
		return err_errno(err, "cannot read %s of the parent of '%s'", file, h->dir);
	value[n] = '\0';
	return cgroup_write(h->fd, h->dir, file, value, err);
}

int cgroup_prepare_cpuset(const struct cgroup_hierarchy *h, struct err *err)
{
	if (inherit(h, "cpuset.cpus", err) < 0 || inherit(h, "cpuset.mems", err) < 0)
		return -err->code;
	return 0;
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
		if (fd >= 0 && cgroup_prepare_cpuset(&level, err) < 0)
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
