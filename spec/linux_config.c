/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/linux_config.h"

#include <string.h>

#include "spec/check.h"

static const struct schema_field id_mapping_fields[] = {
	FIELD(struct id_mapping, container_id, "containerID", SCHEMA_UINT32,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct id_mapping, host_id, "hostID", SCHEMA_UINT32,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct id_mapping, size, "size", SCHEMA_UINT32,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
};

const struct schema id_mapping_schema = SCHEMA(struct id_mapping, id_mapping_fields);

static const struct schema_field namespace_fields[] = {
	FIELD(struct namespace_config, type, "type", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct namespace_config, path, "path", SCHEMA_STRING),
};

static const struct schema namespace_schema = SCHEMA(struct namespace_config, namespace_fields);

static const struct schema_field device_fields[] = {
	FIELD(struct device_config, path, "path", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct device_config, type, "type", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct device_config, major, "major", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct device_config, minor, "minor", SCHEMA_INT64, .flags = SCHEMA_ALWAYS),
	FIELD(struct device_config, file_mode, "fileMode", SCHEMA_OPT_UINT32),
	FIELD(struct device_config, uid, "uid", SCHEMA_OPT_UINT32),
	FIELD(struct device_config, gid, "gid", SCHEMA_OPT_UINT32),
};

static const struct schema device_schema = SCHEMA(struct device_config, device_fields);

static const struct schema_field net_device_fields[] = {
	FIELD(struct net_device, name, "name", SCHEMA_STRING),
};

static const struct schema net_device_schema = SCHEMA(struct net_device, net_device_fields);

static const struct schema_field intel_rdt_fields[] = {
	FIELD(struct intel_rdt, clos_id, "closID", SCHEMA_STRING),
	FIELD(struct intel_rdt, schemata, "schemata", SCHEMA_STRINGS),
	FIELD(struct intel_rdt, l3_cache_schema, "l3CacheSchema", SCHEMA_STRING),
	FIELD(struct intel_rdt, mem_bw_schema, "memBwSchema", SCHEMA_STRING),
	FIELD(struct intel_rdt, enable_monitoring, "enableMonitoring", SCHEMA_BOOL),
	FIELD(struct intel_rdt, enable_cmt, "enableCMT", SCHEMA_BOOL),
	FIELD(struct intel_rdt, enable_mbm, "enableMBM", SCHEMA_BOOL),
};

static const struct schema intel_rdt_schema = SCHEMA(struct intel_rdt, intel_rdt_fields);

static const struct schema_field memory_policy_fields[] = {
	FIELD(struct memory_policy, mode, "mode", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct memory_policy, nodes, "nodes", SCHEMA_STRING),
	FIELD(struct memory_policy, flags, "flags", SCHEMA_STRINGS),
};

static const struct schema memory_policy_schema = SCHEMA(
	struct memory_policy, memory_policy_fields);

static const struct schema_field time_offset_fields[] = {
	FIELD(struct time_offset, secs, "secs", SCHEMA_INT64),
	FIELD(struct time_offset, nanosecs, "nanosecs", SCHEMA_UINT32),
};

static const struct schema time_offset_schema = SCHEMA(struct time_offset, time_offset_fields);

static const struct schema_field personality_fields[] = {
	FIELD(struct personality_config, domain, "domain", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct personality_config, flags, "flags", SCHEMA_STRINGS),
};

static const struct schema personality_schema = SCHEMA(
	struct personality_config, personality_fields);

static const struct schema_field linux_fields[] = {
	FIELD(struct linux_config, uid_mappings, "uidMappings", SCHEMA_LIST,
		.sub = &id_mapping_schema),
	FIELD(struct linux_config, gid_mappings, "gidMappings", SCHEMA_LIST,
		.sub = &id_mapping_schema),
	FIELD(struct linux_config, sysctl, "sysctl", SCHEMA_STRING_MAP),
	FIELD(struct linux_config, resources, "resources", SCHEMA_OPT_STRUCT,
		.sub = &linux_resources_schema),
	FIELD(struct linux_config, cgroups_path, "cgroupsPath", SCHEMA_STRING),
	FIELD(struct linux_config, namespaces, "namespaces", SCHEMA_LIST, .sub = &namespace_schema),
	FIELD(struct linux_config, devices, "devices", SCHEMA_LIST, .sub = &device_schema),
	FIELD(struct linux_config, net_devices, "netDevices", SCHEMA_STRUCT_MAP,
		.sub = &net_device_schema),
	FIELD(struct linux_config, seccomp, "seccomp", SCHEMA_OPT_STRUCT,
		.sub = &seccomp_config_schema),
	FIELD(struct linux_config, rootfs_propagation, "rootfsPropagation", SCHEMA_STRING),
	FIELD(struct linux_config, masked_paths, "maskedPaths", SCHEMA_STRINGS),
	FIELD(struct linux_config, readonly_paths, "readonlyPaths", SCHEMA_STRINGS),
	FIELD(struct linux_config, mount_label, "mountLabel", SCHEMA_STRING),
	FIELD(struct linux_config, intel_rdt, "intelRdt", SCHEMA_OPT_STRUCT,
		.sub = &intel_rdt_schema),
	FIELD(struct linux_config, memory_policy, "memoryPolicy", SCHEMA_OPT_STRUCT,
		.sub = &memory_policy_schema),
	FIELD(struct linux_config, personality, "personality", SCHEMA_OPT_STRUCT,
		.sub = &personality_schema),
	FIELD(struct linux_config, time_offsets, "timeOffsets", SCHEMA_STRUCT_MAP,
		.sub = &time_offset_schema),
};

const struct schema linux_config_schema = SCHEMA(struct linux_config, linux_fields);

static const struct check_words namespace_types = {
	(const char *const[]){
		"pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time", NULL},
	"a type of namespace",
};

static const struct check_words propagations = {
	(const char *const[]){"shared", "rshared", "slave", "rslave", "private", "rprivate",
		"unbindable", "runbindable", "", NULL},
	"a mount propagation",
};

static const struct check_words domains = {
	(const char *const[]){"LINUX", "LINUX32", NULL},
	"an execution domain",
};

static const struct check_words clocks = {
	(const char *const[]){"monotonic", "boottime", NULL},
	"a clock of time namespaces",
};

static const struct check_words memory_modes = {
	(const char *const[]){"MPOL_DEFAULT", "MPOL_BIND", "MPOL_INTERLEAVE",
		"MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED", "MPOL_PREFERRED_MANY", "MPOL_LOCAL",
		NULL},
	"a mode of memory policy",
};

static const struct check_words memory_flags = {
	(const char *const[]){
		"MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES", NULL},
	"a flag of memory policy",
};

const struct namespace_config *linux_config_namespace(
	const struct linux_config *l, const char *type)
{
	for (size_t i = 0; l && i < l->namespaces.count; i++)
		if (strcmp(l->namespaces.items[i].type, type) == 0)
			return &l->namespaces.items[i];
	return NULL;
}

static int check_namespace(const struct linux_config *l, size_t i, struct err *err)
{
	const struct namespace_config *n = &l->namespaces.items[i];

	if (check_word(n->type, &namespace_types, err) < 0)
		return schema_error_at(err, "type");
	if (linux_config_namespace(l, n->type) != n)
		return err_set(err, E_SYNTAX, "type: '%s' occurs twice", n->type);
	/* "" is what engines write for none */
	if (n->path && *n->path && check_absolute(n->path, err) < 0)
		return schema_error_at(err, "path");
	return 0;
}

static int check_device(const struct device_config *d, struct err *err)
{
	if (check_absolute(d->path, err) < 0)
		return schema_error_at(err, "path");
	if (strlen(d->type) != 1 || !strchr("cubp", d->type[0]))
		return err_set(err, E_SYNTAX, "type: '%.20s' is not b, c, u or p", d->type);
	if (d->major < 0 || d->major > UINT32_MAX || d->minor < 0 || d->minor > UINT32_MAX)
		return err_set(err, E_SYNTAX, "major and minor must be numbers of a device");
	return 0;
}

static int check_lists(const struct linux_config *l, struct err *err)
{
	for (size_t i = 0; i < l->namespaces.count; i++)
		if (check_namespace(l, i, err) < 0)
			return schema_error_at(err, "namespaces[%zu]", i);
	for (size_t i = 0; i < l->devices.count; i++)
		if (check_device(&l->devices.items[i], err) < 0)
			return schema_error_at(err, "devices[%zu]", i);
	for (size_t i = 0; i < l->time_offsets.count; i++)
		if (check_word(l->time_offsets.items[i].clock, &clocks, err) < 0)
			return schema_error_at(err, "timeOffsets");
	if (check_all_absolute(&l->masked_paths, err) < 0)
		return schema_error_at(err, "maskedPaths");
	if (check_all_absolute(&l->readonly_paths, err) < 0)
		return schema_error_at(err, "readonlyPaths");
	return 0;
}

static int check_memory_policy(const struct memory_policy *m, struct err *err)
{
	if (check_word(m->mode, &memory_modes, err) < 0)
		return schema_error_at(err, "mode");
	if (check_all_words(&m->flags, &memory_flags, err) < 0)
		return schema_error_at(err, "flags");
	return 0;
}

/* The closID becomes the name of a directory in resctrl; "/" is its root group. */
static int check_clos_id(const char *id, struct err *err)
{
	if (strcmp(id, ".") == 0 || strcmp(id, "..") == 0 || (strchr(id, '/') && strcmp(id, "/")))
		return err_set(err, E_SYNTAX, "'%.80s' is not a name", id);
	return 0;
}

int linux_config_check(const struct linux_config *l, struct err *err)
{
	int r = check_lists(l, err);

	if (r < 0)
		return r;
	if (l->resources && linux_resources_check(l->resources, err) < 0)
		return schema_error_at(err, "resources");
	if (l->seccomp && seccomp_config_check(l->seccomp, err) < 0)
		return schema_error_at(err, "seccomp");
	if (l->rootfs_propagation && check_word(l->rootfs_propagation, &propagations, err) < 0)
		return schema_error_at(err, "rootfsPropagation");
	if (l->personality && check_word(l->personality->domain, &domains, err) < 0)
		return schema_error_at(err, "personality.domain");
	if (l->memory_policy && check_memory_policy(l->memory_policy, err) < 0)
		return schema_error_at(err, "memoryPolicy");
	if (l->intel_rdt && l->intel_rdt->clos_id && check_clos_id(l->intel_rdt->clos_id, err) < 0)
		return schema_error_at(err, "intelRdt.closID");
	return 0;
}
