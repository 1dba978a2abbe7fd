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
#include "lib/userns.h"
#include "runtime/cgroup_private.h"

#define CPUSET_DEPTH_MAX 256

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

bool cgroup_says(int dirfd, const char *file, const char *text)
{
	own_fd int fd = openat(dirfd, file, O_RDONLY | O_CLOEXEC);
	char content[256];
	ssize_t n = fd < 0 ? -1 : read(fd, content, sizeof(content) - 1);

	if (n < 0)
		return false;
	content[n] = '\0';
	return strstr(content, text) != NULL;
}

/*
 * The value of a cpuset file in the parent goes to one that is empty: a process cannot join it
 * before. Parents that others have made may be empty, too, up to the hierarchy's root.
 */
static int inherit(int dir, const char *file, int depth, char *value, size_t size, struct err *err)
{
	own_fd int fd = openat(dir, file, O_RDONLY | O_CLOEXEC), parent = -1;
	ssize_t n = fd < 0 ? -1 : read(fd, value, size - 1);

	if (n < 0)
		return err_errno(err, "cannot read %s", file);
	value[n] = '\0';
	if (n > 1 || depth == CPUSET_DEPTH_MAX)
		return 0;
	parent = openat(dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0)
		return err_errno(err, "cannot open the parent");
	if (inherit(parent, file, depth + 1, value, size, err) < 0)
		return -err->code;
	return cgroup_write(dir, "cpuset", file, value, err);
}

int cgroup_prepare_cpuset(const struct cgroup_hierarchy *h, struct err *err)
{
	char value[512];

	if (inherit(h->fd, "cpuset.cpus", 0, value, sizeof(value), err) < 0 ||
		inherit(h->fd, "cpuset.mems", 0, value, sizeof(value), err) < 0)
		return err_wrap(err, "cgroup '%s' and those above it", h->dir);
	return 0;
}

int cgroup_refuse_used(int dirfd, const char *dir, struct err *err)
{
	own_fd int fd = openat(dirfd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char one;

	if (fd >= 0 && read(fd, &one, 1) == 1)
		return err_set(err, E_IN_USE, "cgroup '%s' has processes already", dir);
	return 0;
}

/*
 * A process of a frozen cgroup, or of one below it, waits until it is thawed; that of version 1
 * cannot even be killed.
 */
static int refuse_frozen(const struct cgroup_hierarchy *h, struct err *err)
{
	bool frozen = false;

	if (h->v2)
		frozen = cgroup_says(h->fd, "cgroup.events", "frozen 1");
	else if (strcmp(h->name, "freezer") == 0)
		frozen = cgroup_says(h->fd, "freezer.state", "FR");
	if (frozen)
		return err_set(err, E_IN_USE,
			"cgroup '%s' is frozen, or one above it is: no process can start in it",
			h->dir);
	return 0;
}

/* mkdir level by level. */
static int make_levels(struct cgroup_hierarchy *h, struct err *err)
{
	char path[PATH_MAX];
	size_t len = strlen(h->mount), whole = strlen(h->dir);

	if (whole >= sizeof(path))
		return err_set(err, ENAMETOOLONG, "cgroup path '%.80s...' is too long", h->dir);
	while (len < whole) {
		len += 1 + strcspn(h->dir + len + 1, "/");
		memcpy(path, h->dir, len);
		path[len] = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make cgroup '%s'", path);
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
		if (!existed && make_levels(h, err) < 0)
			return -err->code;
	}
	h->ours = !existed;
	h->fd = open(h->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (h->fd < 0)
		return err_errno(err, "cannot open cgroup '%s'", h->dir);
	if (existed && cgroup_refuse_used(h->fd, h->dir, err) < 0)
		return -err->code;
	if (refuse_frozen(h, err) < 0)
		return -err->code;
	h->ours = true;
	return 0;
}

static bool has_controller(const struct cgroup_hierarchy *h, const char *controller)
{
	size_t len = strlen(controller);

	for (const char *p = h->name; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, controller, len) == 0 && (!p[len] || p[len] == ','))
			return true;
	return false;
}

bool cgroup_devices_moot(const struct cgroup_hierarchy *h)
{
	return (!h || h->fd < 0) && !userns_is_first();
}

struct cgroup_hierarchy *cgroup_v1_of(struct cgroup *cg, const char *controller)
{
	for (unsigned i = 0; i < cg->count; i++)
		if (!cg->items[i].v2 && has_controller(&cg->items[i], controller))
			return &cg->items[i];
	return NULL;
}
