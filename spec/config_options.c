/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON form of struct config_options: kist-spec's --options, and part of a container's record.
 */
#include "spec/config_make.h"

static const struct schema_field user_fields[] = {
	FIELD(struct process_user, uid, "uid", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct process_user, gid, "gid", SCHEMA_UINT32, .flags = SCHEMA_ALWAYS),
	FIELD(struct process_user, umask, "umask", SCHEMA_OPT_UINT32),
	FIELD(struct process_user, additional_gids, "additional_gids", SCHEMA_UINT32S),
};

static const struct schema user_schema = SCHEMA(struct process_user, user_fields);

static const struct schema_field mount_fields[] = {
	FIELD(struct mount_option, type, "type", SCHEMA_STRING),
	FIELD(struct mount_option, source, "source", SCHEMA_STRING),
	FIELD(struct mount_option, destination, "destination", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct mount_option, readonly, "readonly", SCHEMA_BOOL),
	FIELD(struct mount_option, non_recursive, "non_recursive", SCHEMA_BOOL),
	FIELD(struct mount_option, propagation, "propagation", SCHEMA_STRING),
	FIELD(struct mount_option, options, "options", SCHEMA_STRINGS),
};

static const struct schema mount_option_schema = SCHEMA(struct mount_option, mount_fields);

static const struct schema_field device_fields[] = {
	FIELD(struct device_option, device.path, "path", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct device_option, device.type, "type", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct device_option, device.major, "major", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct device_option, device.minor, "minor", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct device_option, device.file_mode, "mode", SCHEMA_OPT_UINT32),
	FIELD(struct device_option, device.uid, "uid", SCHEMA_OPT_UINT32),
	FIELD(struct device_option, device.gid, "gid", SCHEMA_OPT_UINT32),
	FIELD(struct device_option, access, "access", SCHEMA_STRING),
};

static const struct schema device_option_schema = SCHEMA(struct device_option, device_fields);

#define OPTION(member, kind, ...) FIELD(struct config_options, member, #member, kind, ##__VA_ARGS__)

static const struct schema_field option_fields[] = {
	OPTION(entrypoint, SCHEMA_STRINGS),
	OPTION(args, SCHEMA_STRINGS),
	OPTION(env, SCHEMA_STRINGS),
	OPTION(cwd, SCHEMA_STRING),
	OPTION(terminal, SCHEMA_BOOL),
	OPTION(console_size, SCHEMA_OPT_STRUCT, .sub = &console_size_schema),
	OPTION(user, SCHEMA_STRUCT, .sub = &user_schema),
	OPTION(home, SCHEMA_STRING),
	OPTION(rlimits, SCHEMA_LIST, .sub = &rlimit_schema),
	OPTION(oom_score_adj, SCHEMA_OPT_INT64),
	OPTION(privileged, SCHEMA_BOOL),
	OPTION(cap_add, SCHEMA_STRINGS),
	OPTION(cap_drop, SCHEMA_STRINGS),
	OPTION(no_new_privileges, SCHEMA_BOOL),
	OPTION(seccomp_unconfined, SCHEMA_BOOL),
	OPTION(seccomp, SCHEMA_OPT_STRUCT, .sub = &seccomp_config_schema),
	OPTION(systempaths_unconfined, SCHEMA_BOOL),
	OPTION(apparmor_profile, SCHEMA_STRING),
	OPTION(selinux_label, SCHEMA_STRING),
	OPTION(mount_label, SCHEMA_STRING),
	OPTION(hostname, SCHEMA_STRING),
	OPTION(domainname, SCHEMA_STRING),
	OPTION(pid_namespace, SCHEMA_STRING),
	OPTION(network_namespace, SCHEMA_STRING),
	OPTION(ipc_namespace, SCHEMA_STRING),
	OPTION(uts_namespace, SCHEMA_STRING),
	OPTION(cgroup_namespace, SCHEMA_STRING),
	OPTION(network_shared, SCHEMA_BOOL),
	OPTION(sysctls, SCHEMA_STRING_MAP),
	OPTION(rootfs, SCHEMA_STRING),
	OPTION(readonly_rootfs, SCHEMA_BOOL),
	OPTION(mounts, SCHEMA_LIST, .sub = &mount_option_schema),
	OPTION(hosts_file, SCHEMA_STRING),
	OPTION(hostname_file, SCHEMA_STRING),
	OPTION(resolv_conf, SCHEMA_STRING),
	OPTION(shm_size, SCHEMA_INT64),
	OPTION(devices, SCHEMA_LIST, .sub = &device_option_schema),
	OPTION(device_rules, SCHEMA_LIST, .sub = &device_rule_schema),
	OPTION(memory, SCHEMA_INT64),
	OPTION(memory_swap, SCHEMA_INT64),
	OPTION(memory_reservation, SCHEMA_INT64),
	OPTION(memory_swappiness, SCHEMA_OPT_INT64),
	OPTION(oom_kill_disable, SCHEMA_BOOL),
	OPTION(nano_cpus, SCHEMA_INT64),
	OPTION(cpu_period, SCHEMA_INT64),
	OPTION(cpu_quota, SCHEMA_INT64),
	OPTION(cpu_shares, SCHEMA_INT64),
	OPTION(cpu_rt_period, SCHEMA_INT64),
	OPTION(cpu_rt_runtime, SCHEMA_INT64),
	OPTION(cpuset_cpus, SCHEMA_STRING),
	OPTION(cpuset_mems, SCHEMA_STRING),
	OPTION(pids_limit, SCHEMA_INT64),
	OPTION(block_io, SCHEMA_OPT_STRUCT, .sub = &block_io_schema),
	OPTION(cgroups_path, SCHEMA_STRING),
	OPTION(annotations, SCHEMA_STRING_MAP),
	OPTION(host_cpus, SCHEMA_INT64),
	OPTION(host_apparmor, SCHEMA_BOOL),
	OPTION(host_rootless, SCHEMA_BOOL),
	OPTION(host_one_id, SCHEMA_BOOL),
	OPTION(host_capabilities, SCHEMA_UINT64),
};

const struct schema config_options_schema = SCHEMA(struct config_options, option_fields);
