/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with the processes of a running container's cgroups, and their end. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/own.h"
#include "lib/path.h"
#include "runtime/cgroup_private.h"

#define DEPTH_MAX    32 /* of cgroups that the container made inside its own */
#define KILL_TRIES   500
#define FREEZE_TRIES 500

static void pause_ms(long ms)
{
	const struct timespec t = {.tv_nsec = ms * 1000 * 1000};

	nanosleep(&t, NULL);
}

/* Where the path begins in "CONTROLLER,...:PATH". */
static const char *path_below(const char *entry)
{
	const char *colon = strchr(entry, ':');

	return colon ? colon + 1 : entry;
}

int cgroup_check_below(const struct strv *below, struct err *err)
{
	for (size_t i = 0; i < below->count; i++) {
		own_mem char *clean = path_clean(path_below(below->items[i]));

		if (strcmp(clean, "..") == 0 || strncmp(clean, "../", 3) == 0)
			return err_set(err, E_USAGE,
				"--cgroup '%s' is not below the container's cgroup",
				below->items[i]);
	}
	return 0;
}

/* Is the word among those before the end, with commas between them? */
static bool lists(const char *words, const char *end, const char *word, size_t len)
{
	for (const char *w = words; w < end;) {
		size_t n = strcspn(w, ",:/");

		if (n == len && memcmp(w, word, len) == 0)
			return true;
		w += n + 1;
	}
	return false;
}

/* Is the hierarchy, "/sys/fs/cgroup/cpu,cpuacct/...", of one of the controllers before the colon?
 */
static bool is_of(const char *dir, const char *entry)
{
	const char *colon = strchr(entry, ':'), *name = dir + strlen(CGROUP_ROOT "/");
	const char *name_end = name + strcspn(name, "/");

	if (!colon)
		return true;
	for (const char *c = entry; c < colon; c += strcspn(c, ",:") + 1)
		if (lists(name, name_end, c, strcspn(c, ",:")))
			return true;
	return false;
}

static int open_version(const char *dir, long type)
{
	own_fd int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	return fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == type ? give_fd(fd) : -1;
}

int cgroup_open_of(const struct strings *dirs, const char *controller, bool *v2)
{
	own_mem char *entry = xasprintf("%s:", controller);
	int fd = -1;

	*v2 = false;
	for (size_t i = 0; fd < 0 && i < dirs->count; i++)
		if (is_of(dirs->items[i], entry))
			fd = open_version(dirs->items[i], CGROUP_SUPER_MAGIC);
	if (fd >= 0)
		return fd;
	*v2 = true;
	for (size_t i = 0; fd < 0 && i < dirs->count; i++)
		fd = open_version(dirs->items[i], CGROUP2_SUPER_MAGIC);
	return fd;
}

/* The last entry that speaks of the hierarchy; NULL: none. */
static const char *entry_of(const struct strv *below, const char *dir)
{
	const char *found = NULL;

	for (size_t i = 0; below && i < below->count; i++)
		if (is_of(dir, below->items[i]))
			found = path_below(below->items[i]);
	return found;
}

/* Join the cgroup of version 2 in which init is, if that lies below dir, which top is of. */
static int join_beside(const char *dir, int top, pid_t init, pid_t pid, struct err *err)
{
	own_buf struct buf text = {0};
	own_fd int file = -1, sub = -1;
	char path[40];
	const char *line, *inner = NULL;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)init);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 || io_read_fd(file, 1 << 16, path, &text, err) < 0)
		return -ENOENT;
	line = strstr(buf_str(&text), "0::/");
	if (!line || (line != buf_str(&text) && line[-1] != '\n'))
		return -ENOENT;
	text.data[(size_t)(line - text.data) + strcspn(line, "\n")] = '\0';
	/* what it is called there ends in what it is called in dir, from its own name on */
	inner = strstr(line, strrchr(dir, '/'));
	inner = inner ? strchr(inner + 1, '/') : NULL;
	if (!inner)
		return -ENOENT;
	sub = path_open(top, inner, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT, err);
	return sub < 0 ? -ENOENT : cgroup_writef(sub, dir, "cgroup.procs", err, "%d", (int)pid);
}

static int join_dir(const char *dir, const char *path, pid_t init, pid_t pid, struct err *err)
{
	own_fd int top = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), sub = -1;
	struct err busy;

	if (top < 0 && errno == ENOENT)
		return 0; /* was not writable when the container was made */
	if (top < 0)
		return err_errno(err, "cannot open cgroup '%s'", dir);
	if (path) {
		sub = path_open(top, path, O_PATH | O_DIRECTORY, 0, PATH_IN_ROOT, err);
		if (sub < 0)
			return err_wrap(err, "cgroup below '%s'", dir);
		if (cgroup_writef(sub, dir, "cgroup.procs", err, "%d", (int)pid) < 0)
			return err_wrap(err, "cgroup '%s' below it", path);
		return 0;
	}
	if (cgroup_writef(top, dir, "cgroup.procs", err, "%d", (int)pid) >= 0)
		return 0;
	if (err->code != EBUSY && err->code != EOPNOTSUPP)
		return -err->code;
	/* cgroup-v2, "No Internal Process Constraint" */
	return join_beside(dir, top, init, pid, &busy) >= 0 ? 0 : -err->code;
}

int cgroup_join_dirs(const struct strings *dirs, const struct strv *below, pid_t init, pid_t pid,
	struct err *err)
{
	for (size_t i = 0; i < dirs->count; i++)
		if (join_dir(dirs->items[i], entry_of(below, dirs->items[i]), init, pid, err) < 0)
			return -err->code;
	return 0;
}

/* Call f for a directory and all beneath it, the deepest first. Stops at the first failure. */
static int walk(int parent, const char *name, int depth,
	int (*f)(int parent, const char *name, int dir, void *arg), void *arg)
{
	own_fd int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	own_dir DIR *dir = NULL;
	struct dirent *e;
	struct err err;
	int r = 0, next = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	dir = dir_open(fd, ".");
	if (!dir && errno != ENOENT)
		return -errno;
	while (dir && depth < DEPTH_MAX && r == 0 && (next = dir_next(dir, &e, &err)) > 0)
		if (e->d_type == DT_DIR)
			r = walk(fd, e->d_name, depth + 1, f, arg);
	if (r == 0 && next < 0 && next != -ENOENT)
		r = next;
	return r < 0 ? r : f(parent, name, fd, arg);
}

struct pid_list {
	pid_t *items;
	size_t count;
};

static int collect(int parent, const char *name, int dir, void *arg)
{
	struct err ignored;
	own_fd int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	own_buf struct buf text = {0};
	struct pid_list *list = arg;
	char *rest;

	(void)parent;
	(void)name;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (io_read_fd(fd, 1 << 24, "cgroup.procs", &text, &ignored) < 0)
		return 0; /* threaded cgroups cannot be read (EOPNOTSUPP); their root lists them */
	for (char *p = text.data; p && *p; p = rest + strspn(rest, "\n")) {
		long pid = strtol(p, &rest, 10);

		if (rest == p)
			break;
		list->items = xreallocarray(list->items, list->count + 1, sizeof(pid_t));
		list->items[list->count++] = (pid_t)pid;
	}
	return 0;
}

int cgroup_pids(const struct strings *dirs, pid_t **pids, size_t *count, struct err *err)
{
	struct pid_list list = {0};

	/* all hierarchies hold the same processes: the first that is there will do */
	for (size_t i = 0; i < dirs->count && !list.count; i++) {
		int r = walk(AT_FDCWD, dirs->items[i], 0, collect, &list);

		if (r < 0) {
			free(list.items);
			return err_set(err, -r, "cannot read cgroup '%s': %s", dirs->items[i],
				strerror(-r));
		}
	}
	*pids = list.items;
	*count = list.count;
	return 0;
}

/* One round over all directories. Returns how many processes there were, or -errno. */
static int signal_once(const struct strings *dirs, int signal)
{
	struct pid_list list = {0};
	int found;

	for (size_t i = 0; i < dirs->count; i++) {
		int r = walk(AT_FDCWD, dirs->items[i], 0, collect, &list);

		if (r < 0) {
			free(list.items);
			return r;
		}
	}
	for (size_t i = 0; i < list.count; i++) {
		bool seen = false;

		for (size_t j = 0; j < i && !seen; j++)
			seen = list.items[j] == list.items[i];
		if (!seen && list.items[i] > 0)
			kill(list.items[i], signal);
	}
	found = (int)list.count;
	free(list.items);
	return found;
}

/* cgroup.kill (Linux 5.14) takes all of a tree at once, also what forks meanwhile. */
static void kill_v2(const struct strings *dirs)
{
	struct err ignored;
	for (size_t i = 0; i < dirs->count; i++) {
		own_fd int dir = open(dirs->items[i], O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (dir >= 0)
			cgroup_write(dir, dirs->items[i], "cgroup.kill", "1", &ignored);
	}
}

int cgroup_signal(const struct strings *dirs, int signal, struct err *err)
{
	int left = signal_once(dirs, signal);

	if (signal != SIGKILL && left >= 0)
		return 0;
	for (int i = 0; left > 0 && i < KILL_TRIES; i++) {
		kill_v2(dirs);
		/* frozen processes of version 1 die only when they are thawed */
		if (i % 16 == 0)
			cgroup_thaw_all(dirs);
		pause_ms(i < 10 ? 1 : 20);
		left = signal_once(dirs, signal);
	}
	if (left < 0)
		return err_set(
			err, -left, "cannot read the container's cgroups: %s", strerror(-left));
	return left ? err_set(err, EBUSY, "%d processes of the container do not end", left) : 0;
}

static int remove_dir(int parent, const char *name, int dir, void *arg)
{
	(void)dir;
	(void)arg;
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
}

static int remove_tree(const char *dir, const struct strings *dirs, struct err *err)
{
	int r = -EBUSY;

	for (int i = 0; i < KILL_TRIES && r == -EBUSY; i++) {
		if (signal_once(dirs, 0) > 0 && cgroup_signal(dirs, SIGKILL, err) < 0)
			return -err->code;
		r = walk(AT_FDCWD, dir, 0, remove_dir, NULL);
		if (r == -EBUSY)
			pause_ms(i < 10 ? 1 : 20);
	}
	return r < 0 ? err_set(err, -r, "cannot remove cgroup '%s': %s", dir, strerror(-r)) : 0;
}

int cgroup_remove(const struct strings *dirs, struct err *err)
{
	struct err first = {0};

	for (size_t i = 0; i < dirs->count; i++) {
		struct err e;

		if (rmdir(dirs->items[i]) == 0 || errno == ENOENT)
			continue;
		if (remove_tree(dirs->items[i], dirs, &e) < 0 && !first.code)
			first = e;
	}
	if (first.code)
		*err = first;
	return -first.code;
}

/* Version 1 may still be on its way there, "FREEZING". */
static bool frozen_now(int dir, bool v2)
{
	return v2 ? cgroup_says(dir, "cgroup.events", "frozen 1")
		  : cgroup_says(dir, "freezer.state", "FROZEN");
}

static bool is_v1_freezer(const char *dir)
{
	return strncmp(dir, CGROUP_ROOT "/freezer/", sizeof(CGROUP_ROOT "/freezer/") - 1) == 0;
}

/* Which of the directories can freeze: *v2 tells by which file. NULL: none. */
static const char *freezer(const struct strings *dirs, bool *v2)
{
	char file[PATH_MAX];

	*v2 = false;
	/* in a hybrid set-up version 1 has the freezer, by the path of its mount */
	for (size_t i = 0; i < dirs->count; i++)
		if (is_v1_freezer(dirs->items[i]) && access(dirs->items[i], F_OK) == 0)
			return dirs->items[i];
	*v2 = true;
	for (size_t i = 0; i < dirs->count; i++) {
		snprintf(file, sizeof(file), "%s/cgroup.freeze", dirs->items[i]);
		if (access(file, F_OK) == 0)
			return dirs->items[i];
	}
	return NULL;
}

static int open_freezer(const struct strings *dirs, bool *v2)
{
	const char *dir = freezer(dirs, v2);

	return dir ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
}

int cgroup_freeze(const struct strings *dirs, bool frozen, struct err *err)
{
	bool v2;
	own_fd int dir = open_freezer(dirs, &v2);
	const char *value = v2 ? (frozen ? "1" : "0") : (frozen ? "FROZEN" : "THAWED");
	const char *file = v2 ? "cgroup.freeze" : "freezer.state";

	if (dir < 0)
		return err_set(err, E_UNSUPPORTED, "no cgroup of the container can freeze it");
	for (int i = 0; i < FREEZE_TRIES; i++) {
		/* version 1 may stay at FREEZING until it is told again */
		if ((i == 0 || !v2) && cgroup_write(dir, "cgroup", file, value, err) < 0)
			return -err->code;
		if (frozen_now(dir, v2) == frozen)
			return 0;
		pause_ms(i < 10 ? 1 : 10);
	}
	return err_set(
		err, E_TIMEOUT, "the container's processes do not %s", frozen ? "freeze" : "thaw");
}

static int thaw_one(int parent, const char *name, int dir, void *arg)
{
	const bool *v2 = arg;
	struct err ignored;

	(void)parent;
	cgroup_write(
		dir, name, *v2 ? "cgroup.freeze" : "freezer.state", *v2 ? "0" : "THAWED", &ignored);
	return 0;
}

void cgroup_thaw_all(const struct strings *dirs)
{
	bool v2;
	const char *dir = freezer(dirs, &v2);

	if (dir)
		walk(AT_FDCWD, dir, 0, thaw_one, &v2);
}

bool cgroup_frozen(const struct strings *dirs)
{
	bool v2;
	own_fd int dir = open_freezer(dirs, &v2);

	if (dir < 0)
		return false;
	if (!v2)
		return cgroup_says(dir, "freezer.state", "FR");
	return cgroup_says(dir, "cgroup.freeze", "1") || frozen_now(dir, true);
}
