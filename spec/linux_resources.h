/* SPDX-License-Identifier: Apache-2.0 */
/* "linux.resources" of config.json (runtime-spec 1.3, config-linux.md, Control groups). */
#ifndef KIST_SPEC_LINUX_RESOURCES_H
#define KIST_SPEC_LINUX_RESOURCES_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

/* A rule of the devices controller; later rules win. */
struct device_rule {
	bool allow;
	const char *type;       /* "a", "b", "c"; NULL: a */
	int64_t *major, *minor; /* NULL: all */
	const char *access;     /* of "rwm"; NULL: all */
};

struct memory_resources {
	int64_t *limit, *reservation, *swap; /* bytes; swap: memory plus swap; -1: no limit */
	int64_t *kernel, *kernel_tcp;
	uint64_t *swappiness; /* 0..100 */
	bool *disable_oom_killer, *use_hierarchy, *check_before_update;
};

struct cpu_resources {
	uint64_t *shares;
	int64_t *quota; /* microseconds in each period; -1: no limit */
	uint64_t *burst, *period;
	int64_t *realtime_runtime;
	uint64_t *realtime_period;
	const char *cpus, *mems; /* as in cpuset(7), "0-3,7" */
	int64_t *idle;           /* 1: SCHED_IDLE */
};

struct pids_resources {
	int64_t *limit; /* NULL: leave it; -1: no limit; 0: no process besides the first */
};

struct weight_device {
	int64_t major, minor;
	uint32_t *weight, *leaf_weight; /* 10..1000 */
};

struct throttle_device {
	int64_t major, minor;
	uint64_t rate; /* bytes or operations in a second */
};

struct block_io_resources {
	uint32_t *weight, *leaf_weight; /* 10..1000 */
	LIST_OF(struct weight_device) weight_device;
	LIST_OF(struct throttle_device)
	throttle_read_bps, throttle_write_bps, throttle_read_iops, throttle_write_iops;
};

struct hugepage_limit {
	const char *page_size; /* "2MB" */
	uint64_t limit;        /* bytes */
};

struct interface_priority {
	const char *name;
	uint32_t priority;
};

struct network_resources {
	uint32_t *class_id;
	LIST_OF(struct interface_priority) priorities;
};

struct rdma_limit {
	const char *device; /* the key; first, see SCHEMA_STRUCT_MAP */
	uint32_t *hca_handles, *hca_objects;
};

struct linux_resources {
	LIST_OF(struct device_rule) devices;
	struct memory_resources *memory;
	struct cpu_resources *cpu;
	struct pids_resources *pids;
	struct block_io_resources *block_io;
	LIST_OF(struct hugepage_limit) hugepage_limits;
	struct network_resources *network;
	LIST_OF(struct rdma_limit) rdma;
	struct string_map unified; /* cgroup v2: file name to content */
};

/* Also the document of "update --resources". */
extern const struct schema linux_resources_schema, block_io_schema, device_rule_schema;

/* Ranges and forms that a table cannot say. Returns 0, or E_SYNTAX with the member's path. */
int linux_resources_check(const struct linux_resources *r, struct err *err);

/*
 * Engines write every number that there is, and 0 in those that nobody asked for: that one is not
 * set, as runc reads it. What 0 says something in stays: swappiness, burst, idle, the limits of
 * pids and of huge pages.
 */
void linux_resources_unset_zeros(struct linux_resources *r);

/* A document that is resources alone (update). Everything lives in the arena. Returns 0. */
int linux_resources_parse(
	const char *text, size_t len, struct linux_resources *r, struct arena *a, struct err *err);

#endif
