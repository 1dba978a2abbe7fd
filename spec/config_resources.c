/* SPDX-License-Identifier: Apache-2.0 */
/* The resources and devices of config_make(), with docker's rules and words. */
#include <inttypes.h>
#include <string.h>

#include "lib/own.h"
#include "spec/config_parts.h"

#define MEMORY_MIN     (6 << 20)
#define NANO           1000000000
#define CFS_PERIOD     100000 /* microseconds; the kernel's default */
#define CFS_PERIOD_MIN 1000
#define CFS_PERIOD_MAX 1000000
#define CFS_QUOTA_MIN  1000
#define NANO_CPUS_MIN  (NANO / 100)
#define SHARES_MIN     2
#define SHARES_MAX     262144

/* docker's rules for the devices controller. The runtime adds those of the devices it makes. */
static const struct {
	bool allow;
	int major, minor; /* 0: all */
} default_rules[] = {
	{false, 0, 0}, {true, 1, 5}, /* zero */
	{true, 1, 3},                /* null */
	{true, 1, 9},                /* urandom */
	{true, 1, 8},                /* random */
	{true, 5, 0},                /* tty */
	{true, 5, 1},                /* console */
	{false, 10, 229},            /* fuse */
};

static int64_t *new_int(struct arena *a, int64_t value)
{
	int64_t *p = arena_alloc(a, sizeof(*p));

	*p = value;
	return p;
}

static uint64_t *new_uint(struct arena *a, int64_t value)
{
	uint64_t *p = arena_alloc(a, sizeof(*p));

	*p = (uint64_t)value;
	return p;
}

static int refuse(struct err *err, const char *why)
{
	return err_set(err, EINVAL, "%s", why);
}

static int check_memory(const struct config_options *o, struct err *err)
{
	if (o->memory && o->memory < MEMORY_MIN)
		return refuse(err, "Minimum memory limit allowed is 6MB");
	if (o->memory_swap < -1)
		return refuse(err, "invalid memory-swap: it is bytes, or -1 for no limit");
	if (o->memory_swap > 0 && !o->memory)
		return refuse(err,
			"You should always set the Memory limit when using Memoryswap limit, see usage");
	if (o->memory_swap > 0 && o->memory_swap < o->memory)
		return refuse(err,
			"Minimum memoryswap limit should be larger than memory limit, see usage");
	if (o->memory_reservation && o->memory_reservation < MEMORY_MIN)
		return refuse(err, "Minimum memory reservation allowed is 6MB");
	if (o->memory && o->memory_reservation > o->memory)
		return refuse(err,
			"Minimum memory limit can not be less than memory reservation "
			"limit, see usage");
	if (o->memory_swappiness && (*o->memory_swappiness < -1 || *o->memory_swappiness > 100))
		return err_set(err, EINVAL,
			"Invalid value: %" PRId64 ", valid memory swappiness range is 0-100",
			*o->memory_swappiness);
	return 0;
}

static int make_memory(const struct config_maker *m, struct linux_resources *r, struct err *err)
{
	const struct config_options *o = m->options;
	struct memory_resources *memory = arena_alloc(m->arena, sizeof(*memory));
	static const struct memory_resources nothing;

	if (check_memory(o, err) < 0)
		return -err->code;
	if (o->memory)
		memory->limit = new_int(m->arena, o->memory);
	if (o->memory_swap)
		memory->swap = new_int(m->arena, o->memory_swap);
	else if (o->memory && o->memory <= INT64_MAX / 2) /* docker: as much swap as memory */
		memory->swap = new_int(m->arena, o->memory * 2);
	if (o->memory_reservation)
		memory->reservation = new_int(m->arena, o->memory_reservation);
	if (o->memory_swappiness && *o->memory_swappiness >= 0)
		memory->swappiness = new_uint(m->arena, *o->memory_swappiness);
	if (o->oom_kill_disable) {
		memory->disable_oom_killer = arena_alloc(m->arena, sizeof(bool));
		*memory->disable_oom_killer = true;
	}
	if (memcmp(memory, &nothing, sizeof(nothing)) != 0)
		r->memory = memory;
	return 0;
}

static int check_nano_cpus(const struct config_options *o, struct err *err)
{
	if (!o->nano_cpus)
		return 0;
	if (o->cpu_quota)
		return refuse(
			err, "Conflicting options: Nano CPUs and CPU Quota cannot both be set");
	if (o->cpu_period)
		return refuse(
			err, "Conflicting options: Nano CPUs and CPU Period cannot both be set");
	if (o->nano_cpus < NANO_CPUS_MIN || o->nano_cpus > INT64_MAX / CFS_PERIOD ||
		(o->host_cpus && (o->nano_cpus - 1) / NANO >= o->host_cpus))
		return err_set(err, EINVAL,
			"Range of CPUs is from 0.01 to %" PRId64 ".00, as there are only %" PRId64
			" CPUs available",
			o->host_cpus, o->host_cpus);
	return 0;
}

static int check_cpu(const struct config_options *o, struct err *err)
{
	int r = check_nano_cpus(o, err);

	if (r < 0)
		return r;
	if (o->cpu_shares < 0)
		return err_set(err, EINVAL,
			"invalid CPU shares (%" PRId64 "): value must be a "
			"positive integer",
			o->cpu_shares);
	if (o->cpu_period && (o->cpu_period < CFS_PERIOD_MIN || o->cpu_period > CFS_PERIOD_MAX))
		return refuse(err,
			"CPU cfs period can not be less than 1ms (i.e. 1000) or larger "
			"than 1s (i.e. 1000000)");
	if (o->cpu_quota > 0 && o->cpu_quota < CFS_QUOTA_MIN)
		return refuse(err, "CPU cfs quota can not be less than 1ms (i.e. 1000)");
	if (o->cpu_rt_period < 0 || o->cpu_rt_runtime < 0)
		return refuse(err, "CPU real-time period and runtime can not be negative");
	if (o->cpu_rt_period && o->cpu_rt_runtime > o->cpu_rt_period)
		return refuse(
			err, "cpu real-time runtime cannot be higher than cpu real-time period");
	return 0;
}

static int make_cpu(const struct config_maker *m, struct linux_resources *r, struct err *err)
{
	const struct config_options *o = m->options;
	struct cpu_resources *cpu = arena_alloc(m->arena, sizeof(*cpu));
	int64_t period = o->nano_cpus ? CFS_PERIOD : o->cpu_period;
	int64_t quota = o->nano_cpus ? o->nano_cpus * CFS_PERIOD / NANO : o->cpu_quota;
	static const struct cpu_resources nothing;

	if (check_cpu(o, err) < 0)
		return -err->code;
	if (o->cpu_shares)
		cpu->shares = new_uint(m->arena,
			o->cpu_shares < SHARES_MIN           ? SHARES_MIN
				: o->cpu_shares > SHARES_MAX ? SHARES_MAX
							     : o->cpu_shares);
	if (period)
		cpu->period = new_uint(m->arena, period);
	if (quota)
		cpu->quota = new_int(m->arena, quota);
	if (o->cpu_rt_period)
		cpu->realtime_period = new_uint(m->arena, o->cpu_rt_period);
	if (o->cpu_rt_runtime)
		cpu->realtime_runtime = new_int(m->arena, o->cpu_rt_runtime);
	cpu->cpus = o->cpuset_cpus && *o->cpuset_cpus ? o->cpuset_cpus : NULL;
	cpu->mems = o->cpuset_mems && *o->cpuset_mems ? o->cpuset_mems : NULL;
	if (memcmp(cpu, &nothing, sizeof(nothing)) != 0)
		r->cpu = cpu;
	return 0;
}

static void add_rule(struct linux_resources *r, const struct device_rule *rule)
{
	r->devices.items[r->devices.count++] = *rule; /* there is room: see make_devices() */
}

static void add_default_rules(const struct config_maker *m, struct linux_resources *r)
{
	for (size_t i = 0; i < ARRAY_LEN(default_rules); i++) {
		bool all = !default_rules[i].major;
		struct device_rule rule = {
			.allow = default_rules[i].allow,
			.type = all ? NULL : "c",
			.major = all ? NULL : new_int(m->arena, default_rules[i].major),
			.minor = all ? NULL : new_int(m->arena, default_rules[i].minor),
			.access = "rwm",
		};

		add_rule(r, &rule);
	}
}

static void add_device(
	const struct config_maker *m, const struct device_option *d, struct linux_resources *r)
{
	struct linux_config *l = m->config->linux_;
	struct device_rule rule = {
		.allow = true,
		.type = d->device.type,
		.major = new_int(m->arena, d->device.major),
		.minor = new_int(m->arena, d->device.minor),
		.access = d->access && *d->access ? d->access : "rwm",
	};

	l->devices.items[l->devices.count++] = d->device;
	if (!m->options->privileged)
		add_rule(r, &rule);
}

static void make_devices(const struct config_maker *m, struct linux_resources *r)
{
	static const struct device_rule everything = {.allow = true, .access = "rwm"};
	const struct config_options *o = m->options;
	size_t room = ARRAY_LEN(default_rules) + o->devices.count + o->device_rules.count;
	struct linux_config *l = m->config->linux_;

	r->devices.items = arena_array(m->arena, room, sizeof(*r->devices.items));
	if (o->devices.count)
		l->devices.items = arena_array(
			m->arena, o->devices.count, sizeof(*l->devices.items));
	if (o->privileged)
		add_rule(r, &everything);
	else
		add_default_rules(m, r);
	for (size_t i = 0; i < o->devices.count; i++)
		add_device(m, &o->devices.items[i], r);
	for (size_t i = 0; i < o->device_rules.count && !o->privileged; i++)
		add_rule(r, &o->device_rules.items[i]);
}

int config_make_resources(const struct config_maker *m, struct err *err)
{
	const struct config_options *o = m->options;
	struct linux_resources *r = arena_alloc(m->arena, sizeof(*r));

	if (make_memory(m, r, err) < 0 || make_cpu(m, r, err) < 0)
		return -err->code;
	make_devices(m, r);
	if (o->pids_limit > 0) {
		r->pids = arena_alloc(m->arena, sizeof(*r->pids));
		r->pids->limit = new_int(m->arena, o->pids_limit);
	}
	r->block_io = o->block_io;
	m->config->linux_->resources = r;
	return 0;
}
