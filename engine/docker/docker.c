/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/docker/docker.h"

#define ROW(type, member, json_name, kind_, ...)                                                   \
	FIELD(type, member, json_name, kind_, .flags = SCHEMA_ALWAYS, ##__VA_ARGS__)

#define CONFIG(member, name, kind) ROW(struct docker_config, member, name, kind)

static const struct schema_field config_fields[] = {
	CONFIG(hostname, "Hostname", SCHEMA_STRING),
	CONFIG(domainname, "Domainname", SCHEMA_STRING),
	CONFIG(user, "User", SCHEMA_STRING),
	CONFIG(attach_stdin, "AttachStdin", SCHEMA_BOOL),
	CONFIG(attach_stdout, "AttachStdout", SCHEMA_BOOL),
	CONFIG(attach_stderr, "AttachStderr", SCHEMA_BOOL),
	CONFIG(exposed_ports, "ExposedPorts", SCHEMA_SET),
	CONFIG(tty, "Tty", SCHEMA_BOOL),
	CONFIG(open_stdin, "OpenStdin", SCHEMA_BOOL),
	CONFIG(stdin_once, "StdinOnce", SCHEMA_BOOL),
	CONFIG(env, "Env", SCHEMA_STRINGS),
	CONFIG(cmd, "Cmd", SCHEMA_STRINGS),
	CONFIG(image, "Image", SCHEMA_STRING),
	CONFIG(volumes, "Volumes", SCHEMA_SET),
	CONFIG(working_dir, "WorkingDir", SCHEMA_STRING),
	CONFIG(entrypoint, "Entrypoint", SCHEMA_STRINGS),
	CONFIG(on_build, "OnBuild", SCHEMA_STRINGS),
	CONFIG(labels, "Labels", SCHEMA_STRING_MAP),
	/* what was not asked for is not shown */
	FIELD(struct docker_config, mac_address, "MacAddress", SCHEMA_STRING),
	FIELD(struct docker_config, stop_signal, "StopSignal", SCHEMA_STRING),
	FIELD(struct docker_config, stop_timeout, "StopTimeout", SCHEMA_OPT_INT64),
	FIELD(struct docker_config, healthcheck, "Healthcheck", SCHEMA_JSON),
	FIELD(struct docker_config, shell, "Shell", SCHEMA_STRINGS),
};

const struct schema docker_config_schema = SCHEMA(struct docker_config, config_fields);

static const struct schema_field ulimit_fields[] = {
	ROW(struct docker_ulimit, name, "Name", SCHEMA_STRING),
	ROW(struct docker_ulimit, hard, "Hard", SCHEMA_INT64),
	ROW(struct docker_ulimit, soft, "Soft", SCHEMA_INT64),
};

static const struct schema ulimit_schema = SCHEMA(struct docker_ulimit, ulimit_fields);

static const struct schema_field device_fields[] = {
	ROW(struct docker_device, host_path, "PathOnHost", SCHEMA_STRING),
	ROW(struct docker_device, container_path, "PathInContainer", SCHEMA_STRING),
	ROW(struct docker_device, permissions, "CgroupPermissions", SCHEMA_STRING),
};

static const struct schema device_schema = SCHEMA(struct docker_device, device_fields);

static const struct schema_field weight_fields[] = {
	ROW(struct docker_weight, path, "Path", SCHEMA_STRING),
	ROW(struct docker_weight, weight, "Weight", SCHEMA_INT64),
};

static const struct schema weight_schema = SCHEMA(struct docker_weight, weight_fields);

static const struct schema_field rate_fields[] = {
	ROW(struct docker_rate, path, "Path", SCHEMA_STRING),
	ROW(struct docker_rate, rate, "Rate", SCHEMA_INT64),
};

static const struct schema rate_schema = SCHEMA(struct docker_rate, rate_fields);

static const struct schema_field restart_fields[] = {
	ROW(struct docker_restart_policy, name, "Name", SCHEMA_STRING),
	ROW(struct docker_restart_policy, maximum_retry_count, "MaximumRetryCount", SCHEMA_INT64),
};

static const struct schema restart_schema = SCHEMA(struct docker_restart_policy, restart_fields);

static const struct schema_field log_fields[] = {
	ROW(struct docker_log_config, type, "Type", SCHEMA_STRING),
	ROW(struct docker_log_config, config, "Config", SCHEMA_STRING_MAP),
};

static const struct schema log_schema = SCHEMA(struct docker_log_config, log_fields);

static const struct schema_field port_binding_fields[] = {
	ROW(struct docker_port_binding, host_ip, "HostIp", SCHEMA_STRING),
	ROW(struct docker_port_binding, host_port, "HostPort", SCHEMA_STRING),
};

const struct schema docker_port_binding_schema = SCHEMA(
	struct docker_port_binding, port_binding_fields);

/* The nested objects of a mount are anonymous structs: their rows count from the object's start. */
#define MOUNT_POINT(member, name, kind, ...)                                                       \
	FIELD(struct docker_mount_point, member, name, kind, ##__VA_ARGS__)
#define WITHIN(object, member, name_, kind_, ...)                                                  \
	{                                                                                          \
		.name = (name_), .kind = (kind_),                                                  \
		.offset = offsetof(struct docker_mount_point, object.member) -                     \
			offsetof(struct docker_mount_point, object),                               \
		##__VA_ARGS__                                                                      \
	}
#define WITHIN_SCHEMA(object, table)                                                               \
	{                                                                                          \
		.size = sizeof(((struct docker_mount_point *)0)->object), .fields = (table),       \
		.nfields = sizeof(table) / sizeof(*(table))                                        \
	}

static const struct schema_field bind_option_fields[] = {
	WITHIN(bind, propagation, "Propagation", SCHEMA_STRING),
	WITHIN(bind, non_recursive, "NonRecursive", SCHEMA_BOOL),
	WITHIN(bind, create_mountpoint, "CreateMountpoint", SCHEMA_BOOL),
	WITHIN(bind, read_only_non_recursive, "ReadOnlyNonRecursive", SCHEMA_BOOL),
};
static const struct schema bind_options_schema = WITHIN_SCHEMA(bind, bind_option_fields);

static const struct schema_field driver_fields[] = {
	FIELD(struct docker_log_config, type, "Name", SCHEMA_STRING),
	FIELD(struct docker_log_config, config, "Options", SCHEMA_STRING_MAP),
};
static const struct schema driver_schema = SCHEMA(struct docker_log_config, driver_fields);

static const struct schema_field volume_option_fields[] = {
	WITHIN(volume, no_copy, "NoCopy", SCHEMA_BOOL),
	WITHIN(volume, labels, "Labels", SCHEMA_STRING_MAP),
	WITHIN(volume, driver, "DriverConfig", SCHEMA_STRUCT, .sub = &driver_schema),
};
static const struct schema volume_options_schema = WITHIN_SCHEMA(volume, volume_option_fields);

static const struct schema_field tmpfs_option_fields[] = {
	WITHIN(tmpfs, size, "SizeBytes", SCHEMA_INT64),
	WITHIN(tmpfs, mode, "Mode", SCHEMA_INT64),
};
static const struct schema tmpfs_options_schema = WITHIN_SCHEMA(tmpfs, tmpfs_option_fields);

static const struct schema_field mount_point_fields[] = {
	MOUNT_POINT(type, "Type", SCHEMA_STRING),
	MOUNT_POINT(source, "Source", SCHEMA_STRING),
	MOUNT_POINT(target, "Target", SCHEMA_STRING),
	MOUNT_POINT(read_only, "ReadOnly", SCHEMA_BOOL),
	MOUNT_POINT(consistency, "Consistency", SCHEMA_STRING),
	MOUNT_POINT(bind, "BindOptions", SCHEMA_STRUCT, .sub = &bind_options_schema),
	MOUNT_POINT(volume, "VolumeOptions", SCHEMA_STRUCT, .sub = &volume_options_schema),
	MOUNT_POINT(tmpfs, "TmpfsOptions", SCHEMA_STRUCT, .sub = &tmpfs_options_schema),
};
static const struct schema mount_point_schema = SCHEMA(
	struct docker_mount_point, mount_point_fields);

#define HOST(member, name, kind, ...)                                                              \
	ROW(struct docker_host_config, member, name, kind, ##__VA_ARGS__)

static const struct schema_field host_fields[] = {
	HOST(binds, "Binds", SCHEMA_STRINGS),
	HOST(container_id_file, "ContainerIDFile", SCHEMA_STRING),
	HOST(log_config, "LogConfig", SCHEMA_STRUCT, .sub = &log_schema),
	HOST(network_mode, "NetworkMode", SCHEMA_STRING),
	HOST(port_bindings, "PortBindings", SCHEMA_JSON),
	HOST(restart_policy, "RestartPolicy", SCHEMA_STRUCT, .sub = &restart_schema),
	HOST(auto_remove, "AutoRemove", SCHEMA_BOOL),
	HOST(volume_driver, "VolumeDriver", SCHEMA_STRING),
	HOST(volumes_from, "VolumesFrom", SCHEMA_STRINGS),
	HOST(cap_add, "CapAdd", SCHEMA_STRINGS),
	HOST(cap_drop, "CapDrop", SCHEMA_STRINGS),
	HOST(cgroupns_mode, "CgroupnsMode", SCHEMA_STRING),
	HOST(dns, "Dns", SCHEMA_STRINGS),
	HOST(dns_options, "DnsOptions", SCHEMA_STRINGS),
	HOST(dns_search, "DnsSearch", SCHEMA_STRINGS),
	HOST(extra_hosts, "ExtraHosts", SCHEMA_STRINGS),
	HOST(group_add, "GroupAdd", SCHEMA_STRINGS),
	HOST(ipc_mode, "IpcMode", SCHEMA_STRING),
	HOST(cgroup, "Cgroup", SCHEMA_STRING),
	HOST(oom_score_adj, "OomScoreAdj", SCHEMA_INT64),
	HOST(pid_mode, "PidMode", SCHEMA_STRING),
	HOST(privileged, "Privileged", SCHEMA_BOOL),
	HOST(publish_all_ports, "PublishAllPorts", SCHEMA_BOOL),
	HOST(readonly_rootfs, "ReadonlyRootfs", SCHEMA_BOOL),
	HOST(security_opt, "SecurityOpt", SCHEMA_STRINGS),
	HOST(uts_mode, "UTSMode", SCHEMA_STRING),
	HOST(userns_mode, "UsernsMode", SCHEMA_STRING),
	HOST(shm_size, "ShmSize", SCHEMA_INT64),
	FIELD(struct docker_host_config, sysctls, "Sysctls", SCHEMA_STRING_MAP),
	HOST(runtime, "Runtime", SCHEMA_STRING),
	HOST(cpu_shares, "CpuShares", SCHEMA_INT64),
	HOST(memory, "Memory", SCHEMA_INT64),
	HOST(nano_cpus, "NanoCpus", SCHEMA_INT64),
	HOST(cgroup_parent, "CgroupParent", SCHEMA_STRING),
	HOST(blkio_weight, "BlkioWeight", SCHEMA_INT64),
	HOST(blkio_weight_device, "BlkioWeightDevice", SCHEMA_LIST, .sub = &weight_schema),
	HOST(read_bps, "BlkioDeviceReadBps", SCHEMA_LIST, .sub = &rate_schema),
	HOST(write_bps, "BlkioDeviceWriteBps", SCHEMA_LIST, .sub = &rate_schema),
	HOST(read_iops, "BlkioDeviceReadIOps", SCHEMA_LIST, .sub = &rate_schema),
	HOST(write_iops, "BlkioDeviceWriteIOps", SCHEMA_LIST, .sub = &rate_schema),
	HOST(cpu_period, "CpuPeriod", SCHEMA_INT64),
	HOST(cpu_quota, "CpuQuota", SCHEMA_INT64),
	HOST(cpu_rt_period, "CpuRealtimePeriod", SCHEMA_INT64),
	HOST(cpu_rt_runtime, "CpuRealtimeRuntime", SCHEMA_INT64),
	HOST(cpuset_cpus, "CpusetCpus", SCHEMA_STRING),
	HOST(cpuset_mems, "CpusetMems", SCHEMA_STRING),
	HOST(devices, "Devices", SCHEMA_LIST, .sub = &device_schema),
	HOST(device_cgroup_rules, "DeviceCgroupRules", SCHEMA_STRINGS),
	HOST(memory_reservation, "MemoryReservation", SCHEMA_INT64),
	HOST(memory_swap, "MemorySwap", SCHEMA_INT64),
	HOST(memory_swappiness, "MemorySwappiness", SCHEMA_OPT_INT64),
	HOST(oom_kill_disable, "OomKillDisable", SCHEMA_OPT_BOOL),
	HOST(pids_limit, "PidsLimit", SCHEMA_OPT_INT64),
	HOST(ulimits, "Ulimits", SCHEMA_LIST, .sub = &ulimit_schema),
	FIELD(struct docker_host_config, mounts, "Mounts", SCHEMA_LIST, .sub = &mount_point_schema),
	FIELD(struct docker_host_config, tmpfs, "Tmpfs", SCHEMA_STRING_MAP),
	FIELD(struct docker_host_config, annotations, "Annotations", SCHEMA_STRING_MAP),
	FIELD(struct docker_host_config, console_size, "ConsoleSize", SCHEMA_UINT32S),
	HOST(isolation, "Isolation", SCHEMA_STRING),
	/* missing: docker's; an empty list: none */
	FIELD(struct docker_host_config, masked_paths, "MaskedPaths", SCHEMA_STRINGS),
	FIELD(struct docker_host_config, readonly_paths, "ReadonlyPaths", SCHEMA_STRINGS),
};

const struct schema docker_host_config_schema = SCHEMA(struct docker_host_config, host_fields);

#define ENDPOINT(member, name, kind, ...)                                                          \
	FIELD(struct docker_endpoint, member, name, kind, ##__VA_ARGS__)

static const struct schema_field ipam_fields[] = {
	{.name = "IPv4Address", .kind = SCHEMA_STRING, .offset = 0},
	{.name = "IPv6Address", .kind = SCHEMA_STRING, .offset = sizeof(const char *)},
};
static const struct schema ipam_schema = {
	.size = sizeof(((struct docker_endpoint *)0)->ipam),
	.fields = ipam_fields,
	.nfields = sizeof(ipam_fields) / sizeof(*ipam_fields),
};

static const struct schema_field endpoint_fields[] = {
	ENDPOINT(ipam, "IPAMConfig", SCHEMA_STRUCT, .sub = &ipam_schema),
	ENDPOINT(aliases, "Aliases", SCHEMA_STRINGS),
	ENDPOINT(mac_address, "MacAddress", SCHEMA_STRING),
	ENDPOINT(answered[0], "NetworkID", SCHEMA_JSON),
	ENDPOINT(answered[1], "EndpointID", SCHEMA_JSON),
	ENDPOINT(answered[2], "Gateway", SCHEMA_JSON),
	ENDPOINT(answered[3], "IPAddress", SCHEMA_JSON),
	ENDPOINT(answered[4], "IPPrefixLen", SCHEMA_JSON),
	ENDPOINT(answered[5], "IPv6Gateway", SCHEMA_JSON),
	ENDPOINT(answered[6], "GlobalIPv6Address", SCHEMA_JSON),
	ENDPOINT(answered[7], "GlobalIPv6PrefixLen", SCHEMA_JSON),
	ENDPOINT(answered[8], "DNSNames", SCHEMA_JSON),
};
static const struct schema endpoint_schema = SCHEMA(struct docker_endpoint, endpoint_fields);

static const struct schema_field networking_fields[] = {
	FIELD(struct docker_networking_config, endpoints, "EndpointsConfig", SCHEMA_STRUCT_MAP,
		.sub = &endpoint_schema),
};
static const struct schema networking_schema = SCHEMA(
	struct docker_networking_config, networking_fields);

/* Config's members stand beside these two: see docker_body_decode(). */
static const struct schema_field body_fields[] = {
	FIELD(struct docker_body, host, "HostConfig", SCHEMA_STRUCT,
		.sub = &docker_host_config_schema),
	FIELD(struct docker_body, networking, "NetworkingConfig", SCHEMA_STRUCT,
		.sub = &networking_schema),
};
const struct schema docker_body_schema = SCHEMA(struct docker_body, body_fields);

static const struct schema_field mount_fields[] = {
	ROW(struct docker_mount, type, "Type", SCHEMA_STRING),
	FIELD(struct docker_mount, name, "Name", SCHEMA_STRING),
	ROW(struct docker_mount, source, "Source", SCHEMA_STRING),
	ROW(struct docker_mount, destination, "Destination", SCHEMA_STRING),
	FIELD(struct docker_mount, driver, "Driver", SCHEMA_STRING),
	ROW(struct docker_mount, mode, "Mode", SCHEMA_STRING),
	ROW(struct docker_mount, rw, "RW", SCHEMA_BOOL),
	ROW(struct docker_mount, propagation, "Propagation", SCHEMA_STRING),
	FIELD(struct docker_mount, anonymous, "Anonymous", SCHEMA_BOOL),
};

const struct schema docker_mount_schema = SCHEMA(struct docker_mount, mount_fields);

static const struct schema_field container_fields[] = {
	FIELD(struct docker_container, path, "Path", SCHEMA_STRING),
	FIELD(struct docker_container, args, "Args", SCHEMA_STRINGS, .flags = SCHEMA_ALWAYS),
	FIELD(struct docker_container, config, "Config", SCHEMA_STRUCT,
		.sub = &docker_config_schema, .flags = SCHEMA_ALWAYS),
	FIELD(struct docker_container, host_config, "HostConfig", SCHEMA_STRUCT,
		.sub = &docker_host_config_schema, .flags = SCHEMA_ALWAYS),
	FIELD(struct docker_container, networking, "NetworkingConfig", SCHEMA_STRUCT,
		.sub = &networking_schema),
	FIELD(struct docker_container, mounts, "Mounts", SCHEMA_LIST, .sub = &docker_mount_schema),
	FIELD(struct docker_container, network, "Network", SCHEMA_JSON),
};

const struct schema docker_container_schema = SCHEMA(struct docker_container, container_fields);
