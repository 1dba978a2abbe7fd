/* SPDX-License-Identifier: Apache-2.0 */
/* Which limits this machine's control groups can set: version 1, version 2, and both at once. */
#ifndef KIST_ENGINE_HOST_LIMITS_H
#define KIST_ENGINE_HOST_LIMITS_H

#include <stdbool.h>

struct host_limits {
	bool v2; /* version 2 alone */
	bool memory, swap, oom_kill_disable;
	bool cpu_shares, cfs_period, cfs_quota, cpuset, pids;
};

/*
 * As a mountinfo file (proc(5)) has the hierarchies, and as they look; what cannot be read is not
 * there.
 */
void host_limits_read(const char *mountinfo, struct host_limits *limits);

#endif
