/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Docker's words for a container: Config, HostConfig and NetworkingConfig, as the Engine API's
 * create call takes them and as inspect shows them. The command line fills them from its flags, the
 * API decodes them from what a client posts; engine/verb/translate.h says what they mean.
 */
#ifndef KIST_ENGINE_DOCKER_H
#define KIST_ENGINE_DOCKER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/schema.h"

#define DOCKER_ENDPOINT_ANSWERS 9

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
	const char *mac_address; /* of the first endpoint; newer clients say it there */
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

/* One of PortBindings' values; its key is the container's port, "80/tcp". */
struct docker_port_binding {
	const char *host_ip, *host_port; /* "" or NULL: every address; a free port */
};

/* One of Mounts: what --mount asks for. */
struct docker_mount_point {
	const char *type; /* "bind", "volume", "tmpfs" */
	const char *source, *target;
	bool read_only;
	const char *consistency; /* of no effect on Linux */
	struct {
		const char *propagation;
		bool non_recursive, create_mountpoint, read_only_non_recursive;
	} bind;
	struct {
		bool no_copy;
		struct string_map labels;
		struct docker_log_config driver; /* Name and Options */
	} volume;
	struct {
		int64_t size; /* bytes; 0: no limit */
		int64_t mode; /* of the directory, 0: 1777 */
	} tmpfs;
};

struct docker_host_config {
	struct strings binds;
	const char *container_id_file;
	struct docker_log_config log_config;
	const char *network_mode; /* "default", "bridge", "none", "host" */
	/*
	 * {"80/tcp":[{"HostIp","HostPort"}]}. Within kist a key and its HostPort may be ranges of
	 * the same length, "8000-8999/tcp" and "9000-9999": engine/docker/publish.h reads and
	 * writes it.
	 */
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
	LIST_OF(struct docker_mount_point) mounts;
	struct uint32_list console_size; /* height and width; 0 0: unknown */
	const char *isolation;
	struct string_map tmpfs, annotations;
	struct strings masked_paths, readonly_paths;
};

/* How a container is to join one network. */
struct docker_endpoint {
	const char *network; /* the key */
	struct {
		const char *ipv4_address, *ipv6_address;
	} ipam;
	struct strings aliases;
	const char *mac_address;
	/* What the engine answers with; in a request it says nothing. */
	const struct json *answered[DOCKER_ENDPOINT_ANSWERS];
};

struct docker_networking_config {
	LIST_OF(struct docker_endpoint) endpoints;
};

/* The body of the Engine API's create call: Config's members, HostConfig and NetworkingConfig. */
struct docker_body {
	struct docker_config config;
	struct docker_host_config host;
	struct docker_networking_config networking;
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
	struct docker_config config;           /* the image's and the request's wishes together */
	struct docker_host_config host_config; /* as it was asked for, with docker's defaults */
	struct docker_networking_config networking;
	LIST_OF(struct docker_mount) mounts;
	const struct json *network; /* what kist-netsetup gets: spec/network_wish.h */
};

extern const struct schema docker_config_schema, docker_host_config_schema, docker_body_schema,
	docker_port_binding_schema, docker_mount_schema, docker_container_schema;

#endif
