/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/host_limits.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/dir.h"
#include "lib/io.h"
#include "lib/mem.h"
#include "lib/own.h"

#define MOUNTINFO_MAX (4u << 20)

/* What a controller's files let one do. The field is a member of struct host_limits. */
static const struct limit {
	const char *controller, *file; /* of version 1; NULL: the controller is enough */
	bool v2;                       /* version 2 has it, too, with the controller */
	size_t field;
} limits[] = {
	{"memory", "memory.limit_in_bytes", true, offsetof(struct host_limits, memory)},
	{"memory", "memory.memsw.limit_in_bytes", false, offsetof(struct host_limits, swap)},
	{"memory", "memory.oom_control", false, offsetof(struct host_limits, oom_kill_disable)},
	{"cpu", "cpu.shares", true, offsetof(struct host_limits, cpu_shares)},
	{"cpu", "cpu.cfs_period_us", true, offsetof(struct host_limits, cfs_period)},
	{"cpu", "cpu.cfs_quota_us", true, offsetof(struct host_limits, cfs_quota)},
	{"cpuset", "cpuset.cpus", true, offsetof(struct host_limits, cpuset)},
	{"pids", NULL, true, offsetof(struct host_limits, pids)},
};

/* Is the word in a list that is divided by one of the characters? */
static bool in_list(const char *list, const char *word, const char *dividers)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n = strcspn(list, dividers);

		if (n == len && strncmp(list, word, n) == 0)
			return true;
		list += n + (list[n] != '\0');
	}
	return false;
}

static bool has_file(const char *dir, const char *name)
{
	own_mem char *path = xasprintf("%s/%s", dir, name);

	return access(path, F_OK) == 0;
}

/* The root of version 2 has no limits itself: a group below it shows whether swap is counted. */
static bool counts_swap(const char *mount)
{
	own_dir DIR *dir = dir_open(AT_FDCWD, mount);
	struct err ignored; /* the end, or what we may not see */
	struct dirent *entry;

	while (dir && dir_next(dir, &entry, &ignored) > 0) {
		own_mem char *file = xasprintf("%s/memory.swap.max", entry->d_name);

		if (has_file(mount, file))
			return true;
	}
	return false;
}

static void set(struct host_limits *l, const struct limit *limit)
{
	*(bool *)((char *)l + limit->field) = true;
}

static void read_v1(const char *mount, const char *controllers, struct host_limits *l)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (in_list(controllers, limits[i].controller, ",") &&
			(!limits[i].file || has_file(mount, limits[i].file)))
			set(l, &limits[i]);
}

static void read_v2(const char *mount, struct host_limits *l)
{
	own_buf struct buf text = {0};
	own_mem char *path = xasprintf("%s/cgroup.controllers", mount);

	if (io_read_file(AT_FDCWD, path, 4096, &text, &(struct err){0}) < 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (limits[i].v2 && in_list(buf_str(&text), limits[i].controller, " \n"))
			set(l, &limits[i]);
	if (in_list(buf_str(&text), "memory", " \n") && counts_swap(mount))
		l->swap = true;
}

/* "36 35 98:0 / /sys/fs/cgroup/pids rw,nosuid shared:9 - cgroup cgroup rw,pids" */
static void read_mount(char *line, struct host_limits *l, bool *v1)
{
	char *words[5] = {NULL}, *rest = NULL, *type = strstr(line, " - ");
	const char *source, *options;

	if (!type)
		return;
	*type = '\0';
	type = strtok_r(type + 3, " ", &rest);
	source = strtok_r(NULL, " ", &rest);
	options = strtok_r(NULL, " ", &rest);
	if (!type || !source || !options)
		return;
	rest = NULL;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		words[i] = strtok_r(i ? NULL : line, " ", &rest);
	if (!words[4])
		return;
	if (strcmp(type, "cgroup") == 0) {
		*v1 = true;
		read_v1(words[4], options, l);
	} else if (strcmp(type, "cgroup2") == 0) {
		l->v2 = true;
		read_v2(words[4], l);
	}
}

void host_limits_read(const char *mountinfo, struct host_limits *l)
{
	own_buf struct buf text = {0};
	char *rest = NULL;
	bool v1 = false;

	*l = (struct host_limits){0};
	if (io_read_file(AT_FDCWD, mountinfo, MOUNTINFO_MAX, &text, &(struct err){0}) < 0 ||
		!text.data)
		return;
	for (char *line = strtok_r(text.data, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest))
		read_mount(line, l, &v1);
	l->v2 = l->v2 && !v1;
}
