/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/host_limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/mem.h"
#include "lib/own.h"
#include "lib/path.h"
#include "tests/unit/unit.h"

/* A directory of ours as the machine's /sys/fs/cgroup, with a mountinfo file beside it. */
struct machine {
	char root[40];
};

static void put(const struct machine *m, const char *name, const char *text)
{
	own_mem char *path = xasprintf("%s/%s", m->root, name);
	FILE *f = fopen(path, "a");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
}

static void group(const struct machine *m, const char *name)
{
	own_mem char *path = xasprintf("%s/%s", m->root, name);

	CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
}

static void mounted(
	const struct machine *m, const char *name, const char *type, const char *options)
{
	own_mem char *line = xasprintf(
		"36 35 0:31 / %s/%s rw,nosuid shared:9 master:2 - %s cgroup %s\n", m->root, name,
		type, options);

	group(m, name);
	put(m, "mountinfo", line);
}

static void begin(struct machine *m)
{
	*m = (struct machine){"/tmp/kist-limits-XXXXXX"};
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(m->root));
	put(m, "mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\nnonsense\n");
}

static struct host_limits end(const struct machine *m)
{
	own_mem char *mountinfo = xasprintf("%s/mountinfo", m->root);
	struct host_limits l;
	struct err err;

	host_limits_read(mountinfo, &l);
	UNIT_OK(path_remove_tree(AT_FDCWD, m->root, &err), &err);
	return l;
}

static void version_1(void)
{
	struct machine m;
	struct host_limits l;

	begin(&m);
	mounted(&m, "memory", "cgroup", "rw,memory");
	put(&m, "memory/memory.limit_in_bytes", "");
	put(&m, "memory/memory.oom_control", "");
	mounted(&m, "cpu,cpuacct", "cgroup", "rw,cpu,cpuacct");
	put(&m, "cpu,cpuacct/cpu.shares", "");
	mounted(&m, "pids", "cgroup", "rw,pids");
	l = end(&m);
	CU_ASSERT(!l.v2);
	CU_ASSERT(l.memory && l.oom_kill_disable && l.cpu_shares && l.pids);
	/* a kernel without swap accounting, without CFS bandwidth; a controller that is not mounted
	 */
	CU_ASSERT(!l.swap && !l.cfs_period && !l.cfs_quota && !l.cpuset);
}

static void version_2(void)
{
	struct machine m;
	struct host_limits l;

	begin(&m);
	mounted(&m, "all", "cgroup2", "rw,nsdelegate");
	put(&m, "all/cgroup.controllers", "cpuset cpu io memory pids\n");
	group(&m, "all/init.scope");
	put(&m, "all/init.scope/memory.swap.max", "max\n");
	l = end(&m);
	CU_ASSERT(l.v2);
	CU_ASSERT(l.memory && l.swap && l.cpu_shares && l.cfs_period && l.cfs_quota && l.cpuset &&
		l.pids);
	CU_ASSERT(!l.oom_kill_disable);
}

static void hybrid(void)
{
	struct machine m;
	struct host_limits l;

	begin(&m);
	mounted(&m, "unified", "cgroup2", "rw");
	put(&m, "unified/cgroup.controllers", "pids\n");
	mounted(&m, "cpuset", "cgroup", "rw,cpuset");
	put(&m, "cpuset/cpuset.cpus", "0\n");
	l = end(&m);
	CU_ASSERT(!l.v2);
	CU_ASSERT(l.pids && l.cpuset);
	CU_ASSERT(!l.memory && !l.cpu_shares && !l.swap);
}

static void nothing(void)
{
	struct host_limits l;

	host_limits_read("/nonexistent/mountinfo", &l);
	CU_ASSERT(!l.v2 && !l.memory && !l.pids);
}

UNIT_TESTS(host_limits) = {
	{"version 1: a controller's files say what it can", version_1},
	{"version 2: controllers, and swap by a group below the root", version_2},
	{"both at once: each controller is in one of them", hybrid},
	{"without control groups there are no limits", nothing},
};
UNIT_COUNT(host_limits)
