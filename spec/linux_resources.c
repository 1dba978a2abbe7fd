/* SPDX-License-Identifier: Apache-2.0 */
#include "spec/linux_resources.h"

#include <string.h>

#include "spec/check.h"

#define WEIGHT_MAX 1000

static const struct schema_field device_rule_fields[] = {
	FIELD(struct device_rule, allow, "allow", SCHEMA_BOOL, .flags = SCHEMA_ALWAYS),
	FIELD(struct device_rule, type, "type", SCHEMA_STRING),
	FIELD(struct device_rule, major, "major", SCHEMA_OPT_INT64),
	FIELD(struct device_rule, minor, "minor", SCHEMA_OPT_INT64),
	FIELD(struct device_rule, access, "access", SCHEMA_STRING),
};

const struct schema device_rule_schema = SCHEMA(struct device_rule, device_rule_fields);

static const struct schema_field memory_fields[] = {
	FIELD(struct memory_resources, limit, "limit", SCHEMA_OPT_INT64),
	FIELD(struct memory_resources, reservation, "reservation", SCHEMA_OPT_INT64),
	FIELD(struct memory_resources, swap, "swap", SCHEMA_OPT_INT64),
	FIELD(struct memory_resources, kernel, "kernel", SCHEMA_OPT_INT64),
	FIELD(struct memory_resources, kernel_tcp, "kernelTCP", SCHEMA_OPT_INT64),
	FIELD(struct memory_resources, swappiness, "swappiness", SCHEMA_OPT_UINT64),
	FIELD(struct memory_resources, disable_oom_killer, "disableOOMKiller", SCHEMA_OPT_BOOL),
	FIELD(struct memory_resources, use_hierarchy, "useHierarchy", SCHEMA_OPT_BOOL),
	FIELD(struct memory_resources, check_before_update, "checkBeforeUpdate", SCHEMA_OPT_BOOL),
};

static const struct schema memory_schema = SCHEMA(struct memory_resources, memory_fields);

static const struct schema_field cpu_fields[] = {
	FIELD(struct cpu_resources, shares, "shares", SCHEMA_OPT_UINT64),
	FIELD(struct cpu_resources, quota, "quota", SCHEMA_OPT_INT64),
	FIELD(struct cpu_resources, burst, "burst", SCHEMA_OPT_UINT64),
	FIELD(struct cpu_resources, period, "period", SCHEMA_OPT_UINT64),
	FIELD(struct cpu_resources, realtime_runtime, "realtimeRuntime", SCHEMA_OPT_INT64),
	FIELD(struct cpu_resources, realtime_period, "realtimePeriod", SCHEMA_OPT_UINT64),
	FIELD(struct cpu_resources, cpus, "cpus", SCHEMA_STRING),
	FIELD(struct cpu_resources, mems, "mems", SCHEMA_STRING),
	FIELD(struct cpu_resources, idle, "idle", SCHEMA_OPT_INT64),
};

static const struct schema cpu_schema = SCHEMA(struct cpu_resources, cpu_fields);

static const struct schema_field pids_fields[] = {
	FIELD(struct pids_resources, limit, "limit", SCHEMA_OPT_INT64),
};

static const struct schema pids_schema = SCHEMA(struct pids_resources, pids_fields);

static const struct schema_field weight_device_fields[] = {
	FIELD(struct weight_device, major, "major", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct weight_device, minor, "minor", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct weight_device, weight, "weight", SCHEMA_OPT_UINT32),
	FIELD(struct weight_device, leaf_weight, "leafWeight", SCHEMA_OPT_UINT32),
};

static const struct schema weight_device_schema = SCHEMA(
	struct weight_device, weight_device_fields);

static const struct schema_field throttle_device_fields[] = {
	FIELD(struct throttle_device, major, "major", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct throttle_device, minor, "minor", SCHEMA_INT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
	FIELD(struct throttle_device, rate, "rate", SCHEMA_UINT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
};

static const struct schema throttle_device_schema = SCHEMA(
	struct throttle_device, throttle_device_fields);

static const struct schema_field block_io_fields[] = {
	FIELD(struct block_io_resources, weight, "weight", SCHEMA_OPT_UINT32),
	FIELD(struct block_io_resources, leaf_weight, "leafWeight", SCHEMA_OPT_UINT32),
	FIELD(struct block_io_resources, weight_device, "weightDevice", SCHEMA_LIST,
		.sub = &weight_device_schema),
	FIELD(struct block_io_resources, throttle_read_bps, "throttleReadBpsDevice", SCHEMA_LIST,
		.sub = &throttle_device_schema),
	FIELD(struct block_io_resources, throttle_write_bps, "throttleWriteBpsDevice", SCHEMA_LIST,
		.sub = &throttle_device_schema),
	FIELD(struct block_io_resources, throttle_read_iops, "throttleReadIOPSDevice", SCHEMA_LIST,
		.sub = &throttle_device_schema),
	FIELD(struct block_io_resources, throttle_write_iops, "throttleWriteIOPSDevice",
		SCHEMA_LIST, .sub = &throttle_device_schema),
};

const struct schema block_io_schema = SCHEMA(struct block_io_resources, block_io_fields);

static const struct schema_field hugepage_fields[] = {
	FIELD(struct hugepage_limit, page_size, "pageSize", SCHEMA_STRING,
		.flags = SCHEMA_REQUIRED),
	FIELD(struct hugepage_limit, limit, "limit", SCHEMA_UINT64,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
};

static const struct schema hugepage_schema = SCHEMA(struct hugepage_limit, hugepage_fields);

static const struct schema_field interface_priority_fields[] = {
	FIELD(struct interface_priority, name, "name", SCHEMA_STRING, .flags = SCHEMA_REQUIRED),
	FIELD(struct interface_priority, priority, "priority", SCHEMA_UINT32,
		.flags = SCHEMA_REQUIRED | SCHEMA_ALWAYS),
};

static const struct schema interface_priority_schema = SCHEMA(
	struct interface_priority, interface_priority_fields);

static const struct schema_field network_fields[] = {
	FIELD(struct network_resources, class_id, "classID", SCHEMA_OPT_UINT32),
	FIELD(struct network_resources, priorities, "priorities", SCHEMA_LIST,
		.sub = &interface_priority_schema),
};

static const struct schema network_schema = SCHEMA(struct network_resources, network_fields);

static const struct schema_field rdma_fields[] = {
	FIELD(struct rdma_limit, hca_handles, "hcaHandles", SCHEMA_OPT_UINT32),
	FIELD(struct rdma_limit, hca_objects, "hcaObjects", SCHEMA_OPT_UINT32),
};

static const struct schema rdma_schema = SCHEMA(struct rdma_limit, rdma_fields);

static const struct schema_field resources_fields[] = {
	FIELD(struct linux_resources, devices, "devices", SCHEMA_LIST, .sub = &device_rule_schema),
	FIELD(struct linux_resources, memory, "memory", SCHEMA_OPT_STRUCT, .sub = &memory_schema),
	FIELD(struct linux_resources, cpu, "cpu", SCHEMA_OPT_STRUCT, .sub = &cpu_schema),
	FIELD(struct linux_resources, pids, "pids", SCHEMA_OPT_STRUCT, .sub = &pids_schema),
	FIELD(struct linux_resources, block_io, "blockIO", SCHEMA_OPT_STRUCT,
		.sub = &block_io_schema),
	FIELD(struct linux_resources, hugepage_limits, "hugepageLimits", SCHEMA_LIST,
		.sub = &hugepage_schema),
	FIELD(struct linux_resources, network, "network", SCHEMA_OPT_STRUCT,
		.sub = &network_schema),
	FIELD(struct linux_resources, rdma, "rdma", SCHEMA_STRUCT_MAP, .sub = &rdma_schema),
	FIELD(struct linux_resources, unified, "unified", SCHEMA_STRING_MAP),
};

const struct schema linux_resources_schema = SCHEMA(struct linux_resources, resources_fields);

static int check_device_rule(const struct device_rule *d, struct err *err)
{
	/* runc accepts an empty type, and so do the engines that write one */
	if (d->type && (strlen(d->type) > 1 || !strchr("abc", d->type[0])))
		return err_set(err, E_SYNTAX, "type: '%.20s' is not a, b or c", d->type);
	if (d->access && strspn(d->access, "rwm") != strlen(d->access))
		return err_set(
			err, E_SYNTAX, "access: '%.20s' is not made of r, w and m", d->access);
	return 0;
}

static int check_weight(const uint32_t *weight, const char *name, struct err *err)
{
	if (weight && *weight > WEIGHT_MAX)
		return err_set(err, E_SYNTAX, "%s: %u is above %d", name, *weight, WEIGHT_MAX);
	return 0;
}

static int check_block_io(const struct block_io_resources *b, struct err *err)
{
	int r = check_weight(b->weight, "weight", err);

	if (r == 0)
		r = check_weight(b->leaf_weight, "leafWeight", err);
	for (size_t i = 0; r == 0 && i < b->weight_device.count; i++) {
		const struct weight_device *d = &b->weight_device.items[i];

		r = check_weight(d->weight, "weight", err);
		if (r == 0)
			r = check_weight(d->leaf_weight, "leafWeight", err);
		if (r < 0)
			return schema_error_at(err, "weightDevice[%zu]", i);
	}
	return r;
}

/* A key of unified becomes a file's name in the container's cgroup directory, and no other. */
static int check_unified(const struct string_map *unified, struct err *err)
{
	for (size_t i = 0; i < unified->count; i++) {
		const char *key = unified->items[i].key;

		if (!*key || strchr(key, '/') || key[0] == '.')
			return err_set(
				err, E_SYNTAX, "'%.100s' is not the name of a cgroup file", key);
	}
	return 0;
}

int linux_resources_check(const struct linux_resources *r, struct err *err)
{
	for (size_t i = 0; i < r->devices.count; i++)
		if (check_device_rule(&r->devices.items[i], err) < 0)
			return schema_error_at(err, "devices[%zu]", i);
	if (r->memory && r->memory->swappiness && *r->memory->swappiness > 100)
		return err_set(err, E_SYNTAX, "memory.swappiness: must be 0 to 100");
	if (r->block_io && check_block_io(r->block_io, err) < 0)
		return schema_error_at(err, "blockIO");
	if (check_unified(&r->unified, err) < 0)
		return schema_error_at(err, "unified");
	return 0;
}

static void unset_zero(int64_t **n)
{
	if (*n && **n == 0)
		*n = NULL;
}

static void unset_zero_unsigned(uint64_t **n)
{
	if (*n && **n == 0)
		*n = NULL;
}

static void unset_zero_weight(uint32_t **n)
{
	if (*n && **n == 0)
		*n = NULL;
}

static void unset_empty(const char **text)
{
	if (*text && !**text)
		*text = NULL;
}

void linux_resources_unset_zeros(struct linux_resources *r)
{
	if (r->memory) {
		unset_zero(&r->memory->limit);
		unset_zero(&r->memory->reservation);
		unset_zero(&r->memory->swap);
		unset_zero(&r->memory->kernel);
		unset_zero(&r->memory->kernel_tcp);
	}
	if (r->cpu) {
		unset_zero_unsigned(&r->cpu->shares);
		unset_zero(&r->cpu->quota);
		unset_zero_unsigned(&r->cpu->period);
		unset_zero(&r->cpu->realtime_runtime);
		unset_zero_unsigned(&r->cpu->realtime_period);
		unset_empty(&r->cpu->cpus);
		unset_empty(&r->cpu->mems);
	}
	if (r->block_io) {
		unset_zero_weight(&r->block_io->weight);
		unset_zero_weight(&r->block_io->leaf_weight);
	}
}

int linux_resources_parse(
	const char *text, size_t len, struct linux_resources *r, struct arena *a, struct err *err)
{
	struct linux_resources parsed;

	if (schema_decode_text(
		    &linux_resources_schema, text, len, JSON_DOCUMENT_MAX, &parsed, a, err) < 0 ||
		linux_resources_check(&parsed, err) < 0)
		return err_wrap(err, "resources");
	*r = parsed;
	return 0;
}
