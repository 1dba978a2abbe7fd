/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verb/limits.h"

#include <fcntl.h>
#include <stdlib.h>

#include "lib/io.h"
#include "lib/own.h"

#define CGROUPS "/sys/fs/cgroup"

/* A file of one number; 0 when it is not there. */
static int64_t read_number(const char *path)
{
	own_buf struct buf text = {0};

	if (io_read_file(AT_FDCWD, path, 64, &text, &(struct err){0}) < 0)
		return 0;
	return strtoll(buf_str(&text), NULL, 10);
}

/* Of the container's cgroup: by version 1's file in a hierarchy of its own, or by version 2's. */
static int64_t usage(
	const char *id, const char *parent, const char *hierarchy, const char *v1, const char *v2)
{
	const char *slash = *parent == '/' ? "" : "/";
	own_mem char *old = xasprintf(CGROUPS "/%s%s%s/%s/%s", hierarchy, slash, parent, id, v1);
	own_mem char *new = xasprintf(CGROUPS "%s%s/%s/%s", slash, parent, id, v2);
	int64_t n = read_number(old);

	return n ? n : read_number(new);
}

static void add(struct limit_sum *sum, int64_t limit, int64_t used)
{
	if (limit > 0)
		sum->limit += limit;
	else
		sum->unlimited++;
	sum->usage += used;
}

void limits_add(struct limits *l, const char *id, const struct docker_container *docker,
	const char *cgroup_parent)
{
	const struct docker_host_config *h = &docker->host_config;
	const char *parent = h->cgroup_parent && *h->cgroup_parent ? h->cgroup_parent
								   : cgroup_parent;
	int64_t period = h->cpu_period > 0 ? h->cpu_period : 100000;
	int64_t cpus = h->nano_cpus > 0 ? h->nano_cpus
		: h->cpu_quota > 0      ? h->cpu_quota * 1000000000 / period
					: 0;

	l->containers++;
	add(&l->memory, h->memory,
		usage(id, parent, "memory", "memory.usage_in_bytes", "memory.current"));
	add(&l->pids, h->pids_limit ? *h->pids_limit : 0,
		usage(id, parent, "pids", "pids.current", "pids.current"));
	add(&l->cpus, cpus, 0);
}

struct json *limits_document(const struct limits *l, struct arena *a)
{
	struct json *d = json_new_object(a);

	json_set_int(a, d, "Containers", l->containers);
	json_set_int(a, d, "Memory", l->memory.limit);
	json_set_int(a, d, "MemoryUnlimited", l->memory.unlimited);
	json_set_int(a, d, "MemoryUsage", l->memory.usage);
	json_set_int(a, d, "Pids", l->pids.limit);
	json_set_int(a, d, "PidsUnlimited", l->pids.unlimited);
	json_set_int(a, d, "PidsUsage", l->pids.usage);
	json_set_int(a, d, "PidsMax", read_number("/proc/sys/kernel/pid_max"));
	json_set_int(a, d, "NanoCpus", l->cpus.limit);
	json_set_int(a, d, "NanoCpusUnlimited", l->cpus.unlimited);
	return d;
}
