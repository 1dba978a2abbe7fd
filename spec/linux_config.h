/* SPDX-License-Identifier: Apache-2.0 */
/* "linux" of config.json (runtime-spec 1.3, config-linux.md). */
#ifndef KIST_SPEC_LINUX_CONFIG_H
#define KIST_SPEC_LINUX_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"
#include "spec/linux_resources.h"
#include "spec/seccomp_config.h"

struct id_mapping {
	uint32_t container_id, host_id, size;
};

struct namespace_config {
	const char *type; /* pid network mount ipc uts user cgroup time; each at most once */
	const char *path; /* absolute; NULL: a new one */
};

struct device_config {
	const char *path; /* absolute */
	const char *type; /* "c", "u", "b", "p" */
	int64_t major, minor;
	uint32_t *file_mode, *uid, *gid;
};

/* A network interface that is moved into the container. */
struct net_device {
	const char *host_name; /* the key; first, see SCHEMA_STRUCT_MAP */
	const char *name;      /* in the container; NULL: the same */
};

struct intel_rdt {
	const char *clos_id;
	struct strings schemata;
	const char *l3_cache_schema, *mem_bw_schema;
	bool enable_monitoring;
	bool enable_cmt, enable_mbm; /* before 1.3 */
};

struct memory_policy {
	const char *mode;     /* "MPOL_BIND" */
	const char *nodes;    /* as in cpuset(7), "0-1" */
	struct strings flags; /* "MPOL_F_STATIC_NODES" */
};

struct time_offset {
	const char *clock; /* the key, "monotonic" or "boottime"; first, see SCHEMA_STRUCT_MAP */
	int64_t secs;
	uint32_t nanosecs;
};

struct personality_config {
	const char *domain; /* "LINUX", "LINUX32" */
	struct strings flags;
};

struct linux_config {
	LIST_OF(struct id_mapping) uid_mappings, gid_mappings;
	struct string_map sysctl;
	struct linux_resources *resources;
	const char *cgroups_path; /* NULL: the runtime's choice; "slice:prefix:name" for systemd */
	LIST_OF(struct namespace_config) namespaces;
	LIST_OF(struct device_config) devices;
	LIST_OF(struct net_device) net_devices;
	struct seccomp_config *seccomp;
	const char *rootfs_propagation;              /* NULL: the runtime's default */
	struct strings masked_paths, readonly_paths; /* absolute */
	const char *mount_label;
	struct intel_rdt *intel_rdt;
	struct memory_policy *memory_policy;
	struct personality_config *personality;
	LIST_OF(struct time_offset) time_offsets;
};

extern const struct schema linux_config_schema, id_mapping_schema;

/* Returns 0, or E_SYNTAX with the member's path in front. */
int linux_config_check(const struct linux_config *l, struct err *err);

/* The entry for a type of namespace, or NULL. Borrowed from *l; l may be NULL. */
const struct namespace_config *linux_config_namespace(
	const struct linux_config *l, const char *type);

#endif
