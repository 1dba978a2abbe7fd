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
	FIELD(struct docker_host_config, mounts, "Mounts", SCHEMA_JSON),
	FIELD(struct docker_host_config, tmpfs, "Tmpfs", SCHEMA_STRING_MAP),
	FIELD(struct docker_host_config, annotations, "Annotations", SCHEMA_STRING_MAP),
	HOST(masked_paths, "MaskedPaths", SCHEMA_STRINGS),
	HOST(readonly_paths, "ReadonlyPaths", SCHEMA_STRINGS),
};

const struct schema docker_host_config_schema = SCHEMA(struct docker_host_config, host_fields);

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
	FIELD(struct docker_container, mounts, "Mounts", SCHEMA_LIST, .sub = &docker_mount_schema),
	FIELD(struct docker_container, network, "Network", SCHEMA_JSON),
};

const struct schema docker_container_schema = SCHEMA(struct docker_container, container_fields);
