/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker's words for a container: Config and HostConfig, as "docker inspect" shows them and as the
 * Engine API's create call takes them. The front command fills these structs from its flags; they
 * are kept in the container's record and shown again by inspect.
 */
#ifndef KIST_ENGINE_DOCKER_H
#define KIST_ENGINE_DOCKER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

struct docker_config {
	const char *hostname, *domainname, *user;
	bool attach_stdin, attach_stdout, attach_stderr;
	struct strings exposed_ports; /* "80/tcp" */
	bool tty, open_stdin, stdin_once;
	struct strings env, cmd;
	const char *image;
	struct strings volumes; /* destinations of anonymous ones */
	const char *working_dir;
	struct strings entrypoint; /* items NULL: the image's; count 0: none */
	struct strings on_build;
	struct string_map labels;
	const char *stop_signal;
	int64_t *stop_timeout; /* seconds */
	const struct json *healthcheck;
	struct strings shell;
};

struct docker_ulimit {
	const char *name;   /* "nofile" */
	int64_t soft, hard; /* -1: unlimited */
};

struct docker_device {
	const char *host_path, *container_path, *permissions; /* "rwm" */
};

struct docker_weight {
	const char *path;
	int64_t weight;
};

struct docker_rate {
	const char *path;
	int64_t rate;
};

struct docker_rates {
	struct docker_rate *items;
	size_t count;
};

struct docker_restart_policy {
	const char *name; /* "no" */
	int64_t maximum_retry_count;
};

struct docker_log_config {
	const char *type;
	struct string_map config;
};

struct docker_host_config {
	struct strings binds;
	const char *container_id_file;
	struct docker_log_config log_config;
	const char *network_mode; /* "default", "bridge", "none", "host" */
	const struct json *port_bindings;
	struct docker_restart_policy restart_policy;
	bool auto_remove;
	const char *volume_driver;
	struct strings volumes_from, cap_add, cap_drop;
	const char *cgroupns_mode;
	struct strings dns, dns_options, dns_search, extra_hosts, group_add;
	const char *ipc_mode, *cgroup;
	int64_t oom_score_adj;
	const char *pid_mode;
	bool privileged, publish_all_ports, readonly_rootfs;
	struct strings security_opt;
	const char *uts_mode, *userns_mode;
	int64_t shm_size;
	struct string_map sysctls;
	const char *runtime;
	int64_t cpu_shares, memory, nano_cpus;
	const char *cgroup_parent;
	int64_t blkio_weight;
	LIST_OF(struct docker_weight) blkio_weight_device;
	struct docker_rates read_bps, write_bps, read_iops, write_iops;
	int64_t cpu_period, cpu_quota, cpu_rt_period, cpu_rt_runtime;
	const char *cpuset_cpus, *cpuset_mems;
	LIST_OF(struct docker_device) devices;
	struct strings device_cgroup_rules;
	int64_t memory_reservation, memory_swap;
	int64_t *memory_swappiness, *pids_limit;
	bool *oom_kill_disable;
	LIST_OF(struct docker_ulimit) ulimits;
	const struct json *mounts; /* of --mount */
	struct string_map tmpfs, annotations;
	struct strings masked_paths, readonly_paths;
};

/* One of inspect's Mounts. */
struct docker_mount {
	const char *type; /* "bind", "volume", "tmpfs" */
	const char *name; /* of the volume */
	const char *source, *destination;
	const char *driver, *mode;
	bool rw;
	const char *propagation;
	bool anonymous; /* ours: rm -v and --rm remove the volume */
};

/* What kist keeps of a container in record.json's "engine". */
struct docker_container {
	const char *path; /* what is executed: first word of the command */
	struct strings args;
	struct docker_config config; /* the image's and the flags' wishes together */
	struct docker_host_config host_config;
	LIST_OF(struct docker_mount) mounts;
	const struct json *network; /* what kist-netsetup gets */
};

extern const struct schema docker_config_schema, docker_host_config_schema, docker_mount_schema,
	docker_container_schema;

#endif
