/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of control groups version 1 (kernel, admin-guide/cgroup-v1). */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/cgroup_private.h"

const struct device_rule cgroup_default_devices[] = {
#define NUMBER(n) (&(int64_t){n})
	/* making any node is harmless: using it is what the rules decide */
	{true, "c", NULL, NULL, "m"}, {true, "b", NULL, NULL, "m"},
	{true, "c", NUMBER(1), NUMBER(3), "rwm"}, /* null */
	{true, "c", NUMBER(1), NUMBER(5), "rwm"}, /* zero */
	{true, "c", NUMBER(1), NUMBER(7), "rwm"}, /* full */
	{true, "c", NUMBER(1), NUMBER(8), "rwm"}, /* random */
	{true, "c", NUMBER(1), NUMBER(9), "rwm"}, /* urandom */
	{true, "c", NUMBER(5), NUMBER(0), "rwm"}, /* tty */
	{true, "c", NUMBER(5), NUMBER(2), "rwm"}, /* ptmx */
	{true, "c", NUMBER(136), NULL, "rwm"},    /* pts/N */
#undef NUMBER
};
const size_t cgroup_default_devices_count = ARRAY_LEN(cgroup_default_devices);

/* The directory for a controller, or the reason why the limit cannot be applied. */
static const struct cgroup_hierarchy *need(
	struct cgroup *cg, const char *controller, struct err *err)
{
	const struct cgroup_hierarchy *h = cgroup_v1_of(cg, controller);

	if (h && h->fd >= 0)
		return h;
	err_set(err, E_UNSUPPORTED,
		h ? "a %s limit is asked for, but cgroup '%s' cannot be written"
		  : "a %s limit is asked for, but no such cgroup controller is mounted",
		controller, h ? h->dir : "");
	return NULL;
}

static int put_signed(
	const struct cgroup_hierarchy *h, const char *file, const int64_t *n, struct err *err)
{
	return n ? cgroup_writef(h->fd, h->dir, file, err, "%" PRId64, *n) : 0;
}

static int put(
	const struct cgroup_hierarchy *h, const char *file, const uint64_t *n, struct err *err)
{
	return n ? cgroup_writef(h->fd, h->dir, file, err, "%" PRIu64, *n) : 0;
}

/*
 * memsw must never be below the limit, so a limit that grows comes after it. -1 in the limit
 * alone lifts both, as runc does.
 */
static int apply_memory(struct cgroup *cg, const struct memory_resources *m, struct err *err)
{
	static const char limit[] = "memory.limit_in_bytes",
			  memsw[] = "memory.memsw.limit_in_bytes";
	const struct cgroup_hierarchy *h;
	const int64_t *swap = m->swap;

	if (!m->limit && !m->swap && !m->reservation && !m->kernel && !m->kernel_tcp &&
		!m->swappiness && !(m->disable_oom_killer && *m->disable_oom_killer))
		return 0;
	h = need(cg, "memory", err);
	if (!h)
		return -err->code;
	if (m->limit && *m->limit == -1 && !swap)
		swap = m->limit;
	if (m->limit && swap && put_signed(h, limit, m->limit, err) < 0) {
		if (put_signed(h, memsw, swap, err) < 0 || put_signed(h, limit, m->limit, err) < 0)
			return -err->code;
	} else if ((!swap && put_signed(h, limit, m->limit, err) < 0) ||
		put_signed(h, memsw, swap, err) < 0) {
		return -err->code;
	}
	if (put_signed(h, "memory.soft_limit_in_bytes", m->reservation, err) < 0 ||
		put_signed(h, "memory.kmem.limit_in_bytes", m->kernel, err) < 0 ||
		put_signed(h, "memory.kmem.tcp.limit_in_bytes", m->kernel_tcp, err) < 0 ||
		put(h, "memory.swappiness", m->swappiness, err) < 0)
		return -err->code;
	if (m->disable_oom_killer && *m->disable_oom_killer)
		return cgroup_write(h->fd, h->dir, "memory.oom_control", "1", err);
	return 0;
}

static int apply_cpu(struct cgroup *cg, const struct cpu_resources *c, struct err *err)
{
	const struct cgroup_hierarchy *h;

	if (!c->shares && !c->quota && !c->period && !c->burst && !c->realtime_runtime &&
		!c->realtime_period && !c->idle)
		return 0;
	h = need(cg, "cpu", err);
	if (!h)
		return -err->code;
	if (put(h, "cpu.shares", c->shares, err) < 0 ||
		put(h, "cpu.cfs_period_us", c->period, err) < 0 ||
		put_signed(h, "cpu.cfs_quota_us", c->quota, err) < 0 ||
		put(h, "cpu.cfs_burst_us", c->burst, err) < 0 ||
		put(h, "cpu.rt_period_us", c->realtime_period, err) < 0 ||
		put_signed(h, "cpu.rt_runtime_us", c->realtime_runtime, err) < 0 ||
		put_signed(h, "cpu.idle", c->idle, err) < 0)
		return -err->code;
	return 0;
}

static int apply_cpuset(struct cgroup *cg, const struct cpu_resources *c, struct err *err)
{
	const struct cgroup_hierarchy *h;

	if (!c->cpus && !c->mems)
		return 0;
	h = need(cg, "cpuset", err);
	if (!h || (c->cpus && cgroup_write(h->fd, h->dir, "cpuset.cpus", c->cpus, err) < 0) ||
		(c->mems && cgroup_write(h->fd, h->dir, "cpuset.mems", c->mems, err) < 0))
		return -err->code;
	return 0;
}

static int apply_pids(struct cgroup *cg, const struct pids_resources *p, struct err *err)
{
	const struct cgroup_hierarchy *h;

	if (!p->limit)
		return 0;
	h = need(cg, "pids", err);
	if (!h)
		return -err->code;
	if (*p->limit < 0)
		return cgroup_write(h->fd, h->dir, "pids.max", "max", err);
	return cgroup_writef(h->fd, h->dir, "pids.max", err, "%" PRId64, *p->limit ? *p->limit : 1);
}

static int apply_devices(
	struct cgroup *cg, const struct device_rule *rules, size_t count, struct err *err)
{
	const struct cgroup_hierarchy *h;

	if (!count || cgroup_devices_moot(cgroup_v1_of(cg, "devices")))
		return 0;
	h = need(cg, "devices", err);
	if (!h)
		return -err->code;
	for (size_t i = 0; i < count; i++) {
		const struct device_rule *d = &rules[i];
		char major[24] = "*", minor[24] = "*";

		if (d->major)
			snprintf(major, sizeof(major), "%" PRId64, *d->major);
		if (d->minor)
			snprintf(minor, sizeof(minor), "%" PRId64, *d->minor);
		if (cgroup_writef(h->fd, h->dir, d->allow ? "devices.allow" : "devices.deny", err,
			    "%s %s:%s %s", d->type ? d->type : "a", major, minor,
			    d->access && *d->access ? d->access : "rwm") < 0)
			return -err->code;
	}
	return 0;
}

static int put_throttle(const struct cgroup_hierarchy *h, const char *file,
	const struct throttle_device *items, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (cgroup_writef(h->fd, h->dir, file, err, "%" PRId64 ":%" PRId64 " %" PRIu64,
			    items[i].major, items[i].minor, items[i].rate) < 0)
			return -err->code;
	return 0;
}

/* The weight is CFQ's or, since Linux 5.0, BFQ's, under another name. */
static int put_weight(const struct cgroup_hierarchy *h, const uint32_t *weight, struct err *err)
{
	bool cfq;

	if (!weight)
		return 0;
	cfq = faccessat(h->fd, "blkio.weight", F_OK, 0) == 0;
	return cgroup_writef(
		h->fd, h->dir, cfq ? "blkio.weight" : "blkio.bfq.weight", err, "%" PRIu32, *weight);
}

static int apply_blkio(struct cgroup *cg, const struct block_io_resources *b, struct err *err)
{
	const struct cgroup_hierarchy *h;

	if (!b->weight && !b->leaf_weight && !b->weight_device.count &&
		!b->throttle_read_bps.count && !b->throttle_write_bps.count &&
		!b->throttle_read_iops.count && !b->throttle_write_iops.count)
		return 0;
	h = need(cg, "blkio", err);
	if (!h || put_weight(h, b->weight, err) < 0)
		return -err->code;
	if (b->leaf_weight &&
		cgroup_writef(
			h->fd, h->dir, "blkio.leaf_weight", err, "%" PRIu32, *b->leaf_weight) < 0)
		return -err->code;
	for (size_t i = 0; i < b->weight_device.count; i++) {
		const struct weight_device *w = &b->weight_device.items[i];
		bool cfq = faccessat(h->fd, "blkio.weight_device", F_OK, 0) == 0;

		if (w->weight &&
			cgroup_writef(h->fd, h->dir,
				cfq ? "blkio.weight_device" : "blkio.bfq.weight_device", err,
				"%" PRId64 ":%" PRId64 " %" PRIu32, w->major, w->minor,
				*w->weight) < 0)
			return -err->code;
	}
#define THROTTLE(member, file)                                                                     \
	put_throttle(h, "blkio.throttle." file, b->member.items, b->member.count, err)
	if (THROTTLE(throttle_read_bps, "read_bps_device") < 0 ||
		THROTTLE(throttle_write_bps, "write_bps_device") < 0 ||
		THROTTLE(throttle_read_iops, "read_iops_device") < 0 ||
		THROTTLE(throttle_write_iops, "write_iops_device") < 0)
		return -err->code;
#undef THROTTLE
	return 0;
}

static int apply_network(struct cgroup *cg, const struct network_resources *n, struct err *err)
{
	const struct cgroup_hierarchy *h;

	if (n->class_id) {
		h = need(cg, "net_cls", err);
		if (!h ||
			cgroup_writef(h->fd, h->dir, "net_cls.classid", err, "%" PRIu32,
				*n->class_id) < 0)
			return -err->code;
	}
	for (size_t i = 0; i < n->priorities.count; i++) {
		h = need(cg, "net_prio", err);
		if (!h ||
			cgroup_writef(h->fd, h->dir, "net_prio.ifpriomap", err, "%s %" PRIu32,
				n->priorities.items[i].name, n->priorities.items[i].priority) < 0)
			return -err->code;
	}
	return 0;
}

static int apply_hugetlb(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	for (size_t i = 0; i < r->hugepage_limits.count; i++) {
		const struct hugepage_limit *l = &r->hugepage_limits.items[i];
		const struct cgroup_hierarchy *h = need(cg, "hugetlb", err);
		char file[64];

		snprintf(file, sizeof(file), "hugetlb.%.30s.limit_in_bytes", l->page_size);
		if (!h || put(h, file, &l->limit, err) < 0)
			return -err->code;
	}
	return 0;
}

int cgroup_v1_apply(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	if (!r || cg->v2_alone)
		return 0;
	if ((r->memory && apply_memory(cg, r->memory, err) < 0) ||
		(r->cpu && apply_cpu(cg, r->cpu, err) < 0) ||
		(r->cpu && apply_cpuset(cg, r->cpu, err) < 0) ||
		(r->pids && apply_pids(cg, r->pids, err) < 0) ||
		(r->block_io && apply_blkio(cg, r->block_io, err) < 0) ||
		(r->network && apply_network(cg, r->network, err) < 0))
		return -err->code;
	/* in a hybrid set-up these may live in version 2 */
	if (cgroup_v1_of(cg, "hugetlb") || !cg->v2)
		if (apply_hugetlb(cg, r, err) < 0)
			return -err->code;
	if (r->devices.count &&
		(apply_devices(cg, r->devices.items, r->devices.count, err) < 0 ||
			apply_devices(
				cg, cgroup_default_devices, cgroup_default_devices_count, err) < 0))
		return -err->code;
	return 0;
}

int cgroup_make_v1(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	for (unsigned i = 0; i < cg->count; i++) {
		struct cgroup_hierarchy *h = &cg->items[i];

		if (h->v2)
			continue;
		if (cgroup_make_dir(h, err) < 0) {
			if (err->code != EROFS && err->code != EACCES && err->code != EPERM)
				return -err->code;
			h->fd = -1; /* need() complains when a limit wants it */
			continue;
		}
		if (strcmp(h->name, "cpuset") == 0 && cgroup_prepare_cpuset(h, err) < 0)
			return -err->code;
	}
	return cgroup_v1_apply(cg, r, err);
}
