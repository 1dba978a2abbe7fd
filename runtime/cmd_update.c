/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/own.h"
#include "runtime/cgroup.h"
#include "runtime/instance.h"
#include "runtime/runtime.h"

/* Of a number in which 0 says something. */
struct wish {
	bool given;
	int64_t n;
};

struct update_command {
	const char *resources, *cpuset_cpus, *cpuset_mems;
	int64_t memory, memory_reservation, memory_swap, cpu_quota, cpu_period, cpu_shares,
		cpu_rt_period, cpu_rt_runtime, pids_limit, blkio_weight;
	struct wish cpu_burst, cpu_idle;
};

static int parse_wish(const char *value, void *field, struct err *err)
{
	struct wish *w = field;
	char *end;

	errno = 0;
	w->n = strtoll(value, &end, 10);
	w->given = true;
	if (end == value || *end || errno || w->n < 0)
		return err_set(err, E_USAGE, "'%.40s' is no number from 0 on", value);
	return 0;
}

static const struct cli_option options[] = {
	OPT_STRING(struct update_command, resources, "resources", 'r', "FILE",
		"linux.resources as JSON, all other options are ignored; - is stdin"),
	OPT_SIZE(struct update_command, memory, "memory", 0, "BYTES", "memory limit"),
	OPT_SIZE(struct update_command, memory_reservation, "memory-reservation", 0, "BYTES",
		"memory soft limit"),
	OPT_SIZE(struct update_command, memory_swap, "memory-swap", 0, "BYTES",
		"limit of memory and swap together"),
	OPT_INT(struct update_command, cpu_period, "cpu-period", 0, "USEC",
		"length of a CPU period"),
	OPT_INT(struct update_command, cpu_quota, "cpu-quota", 0, "USEC",
		"CPU time in each period"),
	OPT_VALUE(struct update_command, cpu_burst, "cpu-burst", 0, "USEC",
		"CPU time beyond the quota that can be saved up", parse_wish),
	OPT_INT(struct update_command, cpu_rt_period, "cpu-rt-period", 0, "USEC",
		"length of a period of realtime scheduling"),
	OPT_INT(struct update_command, cpu_rt_runtime, "cpu-rt-runtime", 0, "USEC",
		"realtime CPU time in each of them"),
	OPT_VALUE(struct update_command, cpu_idle, "cpu-idle", 0, "0|1",
		"1: run only when nobody else wants to", parse_wish),
	OPT_INT(struct update_command, cpu_shares, "cpu-share", 0, "N", "relative CPU weight"),
	OPT_STRING(struct update_command, cpuset_cpus, "cpuset-cpus", 0, "LIST", "CPUs to run on"),
	OPT_STRING(struct update_command, cpuset_mems, "cpuset-mems", 0, "LIST",
		"memory nodes to use"),
	OPT_INT(struct update_command, pids_limit, "pids-limit", 0, "N",
		"how many processes there may be"),
	OPT_INT(struct update_command, blkio_weight, "blkio-weight", 0, "N",
		"relative weight of block I/O"),
};

/* Everything an option can point to, for as long as the call lasts. */
struct wishes {
	struct linux_resources all;
	struct memory_resources memory;
	struct cpu_resources cpu;
	struct pids_resources pids;
	struct block_io_resources block_io;
	uint64_t period, shares, rt_period, burst;
	uint32_t weight;
};

/* What is 0 was not given: unset_zeros() takes it away, as it does for a document's. */
static void from_options(struct update_command *o, struct wishes *w)
{
	w->memory.limit = &o->memory;
	w->memory.reservation = &o->memory_reservation;
	w->memory.swap = &o->memory_swap;
	w->period = (uint64_t)o->cpu_period;
	w->shares = (uint64_t)o->cpu_shares;
	w->cpu.period = &w->period;
	w->cpu.shares = &w->shares;
	w->cpu.quota = &o->cpu_quota;
	w->rt_period = (uint64_t)o->cpu_rt_period;
	w->burst = (uint64_t)o->cpu_burst.n;
	w->cpu.realtime_period = &w->rt_period;
	w->cpu.realtime_runtime = &o->cpu_rt_runtime;
	w->cpu.burst = o->cpu_burst.given ? &w->burst : NULL;
	w->cpu.idle = o->cpu_idle.given ? &o->cpu_idle.n : NULL;
	w->cpu.cpus = o->cpuset_cpus;
	w->cpu.mems = o->cpuset_mems;
	w->pids.limit = &o->pids_limit;
	w->weight = (uint32_t)o->blkio_weight;
	w->block_io.weight = &w->weight;
	w->all.memory = &w->memory;
	w->all.cpu = &w->cpu;
	w->all.pids = &w->pids;
	w->all.block_io = &w->block_io;
}

static int from_file(const char *path, struct linux_resources *r, struct arena *a, struct err *err)
{
	own_buf struct buf text = {0};
	own_fd int fd = strcmp(path, "-") == 0 ? fcntl(0, F_DUPFD_CLOEXEC, 3)
					       : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (io_read_fd(fd, JSON_DOCUMENT_MAX, path, &text, err) < 0)
		return -err->code;
	return linux_resources_parse(buf_str(&text), text.len, r, a, err);
}

static int run(const struct cli_call *call, struct err *err)
{
	struct update_command *o = call->options;
	own_instance struct instance c = INSTANCE_INIT;
	own_cgroup struct cgroup cg = {0};
	struct runtime_config config;
	struct wishes w = {0};

	if (runtime_begin(call, err) < 0 ||
		instance_open(&c, runtime_root(call), call->args[0], true, err) < 0)
		return -err->code;
	if (!instance_alive(&c))
		return err_set(err, E_NOT_RUNNING, "container not running: '%s'", c.record.id);
	if (o->resources && from_file(o->resources, &w.all, &c.arena, err) < 0)
		return -err->code;
	if (!o->resources)
		from_options(o, &w);
	if (instance_load_config(&c, &config, err) < 0 ||
		cgroup_init(&cg, config.linux_->cgroups_path, c.record.id, &c.arena, err) < 0)
		return -err->code;
	linux_resources_unset_zeros(&w.all);
	if (w.all.pids && w.all.pids->limit && *w.all.pids->limit == 0)
		w.all.pids->limit = NULL;
	w.all.devices.count = 0; /* device rules are made once: they cannot be taken back */
	return cgroup_set(&cg, &w.all, err);
}

const struct cli_command runtime_update_command = {
	.name = "update",
	.synopsis = "[OPTIONS] CONTAINER",
	.help = "Change the resource limits of a container",
	.options = options,
	.noptions = ARRAY_LEN(options),
	.options_size = sizeof(struct update_command),
	.min_args = 1,
	.max_args = 1,
	.run = run,
	.details =
		"What is not given, or 0 (in a document also \"\"), stays as it is; only burst and idle of "
		"the CPU, swappiness, and the limits of huge pages can become 0. -1 takes a limit away. "
		"Device rules of a document are not looked at: they are made once.",
};
