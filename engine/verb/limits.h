/* SPDX-License-Identifier: Apache-2.0 */
/* What the containers that run may use of the machine, and what they use, added up. */
#ifndef KIST_ENGINE_LIMITS_H
#define KIST_ENGINE_LIMITS_H

#include "engine/docker/docker.h"
#include "lib/json.h"

struct limit_sum {
	int64_t limit;     /* of those that have one */
	int64_t unlimited; /* how many have none: these may use all there is */
	int64_t usage;     /* of all */
};

struct limits {
	int64_t containers;
	struct limit_sum memory, pids,
		cpus; /* bytes; processes; billionths, whose usage is not told */
};

/* One more that runs. What its cgroups do not tell counts as nothing. */
void limits_add(struct limits *l, const char *id, const struct docker_container *docker,
	const char *cgroup_parent);

/*
 * {"Containers","Memory","MemoryUnlimited","MemoryUsage","Pids","PidsUnlimited","PidsUsage","PidsMax",
 * "NanoCpus","NanoCpusUnlimited"}; PidsMax is the machine's.
 */
struct json *limits_document(const struct limits *l, struct arena *a);

#endif
