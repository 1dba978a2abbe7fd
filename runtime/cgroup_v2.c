/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of control groups version 2 (kernel, admin-guide/cgroup-v2). */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/own.h"
#include "runtime/cgroup_private.h"

static int enable_in(const char *dir, const char *controllers, struct err *err)
{
	own_fd int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, "cannot open cgroup '%s'", dir);
	return cgroup_write(fd, dir, "cgroup.subtree_control", controllers, err);
}

/* Beside version 1 only what these limits need is enabled, alone everything that can be. */
static bool is_wanted(
	const struct cgroup *cg, const struct linux_resources *r, const char *controller)
{
	size_t n = strlen(controller);

	if (cg->v2_alone || (r->hugepage_limits.count && strcmp(controller, "hugetlb") == 0) ||
		(r->rdma.count && strcmp(controller, "rdma") == 0))
		return true;
	for (size_t i = 0; i < r->unified.count; i++)
		if (strncmp(r->unified.items[i].key, controller, n) == 0 &&
			r->unified.items[i].key[n] == '.')
			return true;
	return false;
}

/* "+cpu +memory" of what the file cgroup.controllers of the mount offers and we want. */
static int available(const struct cgroup *cg, const struct linux_resources *r, char out[256])
{
	static const char *const known[] = {
		"cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma"};
	char path[PATH_MAX], have[258] = " ";
	own_fd int fd = -1;
	size_t len = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/cgroup.controllers", cg->v2->mount);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, have + 1, sizeof(have) - 2);
	if (n < 0)
		return -errno;
	have[n] = ' '; /* over the line feed */
	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		char word[16];

		snprintf(word, sizeof(word), " %s ", known[i]);
		if (strstr(have, word) && is_wanted(cg, r, known[i]))
			len += (size_t)snprintf(
				out + len, 256 - len, "%s+%s", len ? " " : "", known[i]);
	}
	return 0;
}

/* Are there limits among the resources, besides device rules, which need no controller? */
static bool has_limits(const struct linux_resources *r)
{
	return r->memory || r->cpu || r->pids || r->block_io || r->hugepage_limits.count ||
		r->rdma.count || r->unified.count;
}

/* Does anything in r go to version 2, besides device rules where it stands alone? */
static bool wants_v2(const struct cgroup *cg, const struct linux_resources *r)
{
	if (!r)
		return false;
	return cg->v2_alone || r->hugepage_limits.count || r->rdma.count || r->unified.count;
}

/* Enable down the path which controllers these limits need. */
static int enable(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	char controllers[256], path[PATH_MAX];
	size_t len = strlen(cg->v2->mount), whole = strlen(cg->v2->dir);

	if (!wants_v2(cg, r))
		return 0;
	if (available(cg, r, controllers) < 0)
		return err_errno(err, "cannot read the controllers of '%s'", cg->v2->mount);
	while (controllers[0] && len < whole) {
		memcpy(path, cg->v2->dir, len);
		path[len] = '\0';
		if (enable_in(path, controllers, err) < 0) {
			/* cgroup-v2, "No Internal Process Constraint" */
			if (err->code != EBUSY && err->code != EOPNOTSUPP)
				return -err->code;
			if (!has_limits(r))
				return 0;
			return err_set(err, err->code,
				"limits are asked for, but cgroup '%s' has processes of its own "
				"and may not divide its resources (choose another parent)",
				path);
		}
		len += 1 + strcspn(cg->v2->dir + len + 1, "/");
	}
	return 0;
}

static int writable(const struct cgroup *cg, const char *what, struct err *err)
{
	if (cg->v2->fd >= 0)
		return 0;
	return err_set(err, E_UNSUPPORTED,
		"a %s limit is asked for, but cgroup '%s' cannot be written", what, cg->v2->dir);
}

static int put(const struct cgroup *cg, const char *file, int64_t n, struct err *err)
{
	if (n < 0)
		return cgroup_write(cg->v2->fd, cg->v2->dir, file, "max", err);
	return cgroup_writef(cg->v2->fd, cg->v2->dir, file, err, "%" PRId64, n);
}

static int not_in_v2(const char *what, struct err *err)
{
	return err_set(
		err, E_UNSUPPORTED, "%s cannot be set: cgroup version 2 has no such control", what);
}

/* The first word of a control file: its number, -1 for "max" and what cannot be read. */
static int64_t number_of(const struct cgroup *cg, const char *file)
{
	own_fd int fd = openat(cg->v2->fd, file, O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	int64_t number;

	if (n < 0)
		return -1;
	text[n] = '\0';
	return sscanf(text, "%" SCNd64, &number) == 1 ? number : -1;
}

/* Quota and period stand in one file: what is not given stays as it is. */
static int put_bandwidth(const struct cgroup *cg, const struct cpu_resources *c, struct err *err)
{
	own_fd int fd = openat(cg->v2->fd, "cpu.max", O_RDONLY | O_CLOEXEC);
	char now[64], quota[24] = "max";
	ssize_t n = fd < 0 ? -1 : read(fd, now, sizeof(now) - 1);
	uint64_t period = 100000;

	if (n > 0) {
		now[n] = '\0';
		sscanf(now, "%23s %" SCNu64, quota, &period);
	}
	if (c->quota)
		snprintf(quota, sizeof(quota), *c->quota < 0 ? "max" : "%" PRId64, *c->quota);
	if (c->period)
		period = *c->period;
	return cgroup_writef(cg->v2->fd, cg->v2->dir, "cpu.max", err, "%s %" PRIu64, quota, period);
}

static int apply_memory(const struct cgroup *cg, const struct memory_resources *m, struct err *err)
{
	int64_t limit;

	if (m->swappiness)
		return not_in_v2("memory.swappiness", err);
	if (m->disable_oom_killer && *m->disable_oom_killer)
		return not_in_v2("memory.disableOOMKiller", err);
	if (m->kernel_tcp && *m->kernel_tcp >= 0)
		return not_in_v2("memory.kernelTCP", err);
	if (m->kernel && *m->kernel >= 0)
		return not_in_v2("memory.kernel", err);
	/* swap of version 1 counts memory and swap together */
	limit = m->limit ? *m->limit : m->swap ? number_of(cg, "memory.max") : -1;
	if (m->swap && *m->swap >= 0 && (limit < 0 || *m->swap < limit))
		return err_set(err, EINVAL, "memory.swap must not be below memory.limit");
	/* instead of killing processes until it holds */
	if (m->check_before_update && *m->check_before_update && m->limit && *m->limit >= 0 &&
		number_of(cg, "memory.current") > *m->limit)
		return err_set(err, EBUSY,
			"memory.limit %" PRId64 " is below what is in use (checkBeforeUpdate)",
			*m->limit);
	if (m->swap && put(cg, "memory.swap.max", *m->swap < 0 ? -1 : *m->swap - limit, err) < 0)
		return -err->code;
	if (m->limit && put(cg, "memory.max", *m->limit, err) < 0)
		return -err->code;
	return m->reservation ? put(cg, "memory.low", *m->reservation, err) : 0;
}

/* 2..262144 of version 1 on 1..10000, as every runtime converts it. */
static uint64_t weight_of_shares(uint64_t shares)
{
	if (shares < 2)
		shares = 2;
	if (shares > 262144)
		shares = 262144;
	return 1 + (shares - 2) * 9999 / 262142;
}

static int apply_cpu(const struct cgroup *cg, const struct cpu_resources *c, struct err *err)
{
	const char *dir = cg->v2->dir;
	int fd = cg->v2->fd;

	if (c->realtime_runtime || c->realtime_period)
		return not_in_v2("cpu.realtimeRuntime", err);
	if (c->shares && *c->shares &&
		cgroup_writef(
			fd, dir, "cpu.weight", err, "%" PRIu64, weight_of_shares(*c->shares)) < 0)
		return -err->code;
	if ((c->quota || c->period) && put_bandwidth(cg, c, err) < 0)
		return -err->code;
	if (c->burst && cgroup_writef(fd, dir, "cpu.max.burst", err, "%" PRIu64, *c->burst) < 0)
		return -err->code;
	if (c->idle && put(cg, "cpu.idle", *c->idle, err) < 0)
		return -err->code;
	if (c->cpus && cgroup_write(fd, dir, "cpuset.cpus", c->cpus, err) < 0)
		return -err->code;
	return c->mems ? cgroup_write(fd, dir, "cpuset.mems", c->mems, err) : 0;
}

static int put_throttle(const struct cgroup *cg, const char *key,
	const struct throttle_device *items, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (cgroup_writef(cg->v2->fd, cg->v2->dir, "io.max", err,
			    "%" PRId64 ":%" PRId64 " %s=%" PRIu64, items[i].major, items[i].minor,
			    key, items[i].rate) < 0)
			return -err->code;
	return 0;
}

static int apply_io(const struct cgroup *cg, const struct block_io_resources *b, struct err *err)
{
	int fd = cg->v2->fd;
	const char *dir = cg->v2->dir;

	if (b->leaf_weight)
		return not_in_v2("blockIO.leafWeight", err);
	if (b->weight && faccessat(fd, "io.bfq.weight", F_OK, 0) == 0) {
		if (cgroup_writef(fd, dir, "io.bfq.weight", err, "%" PRIu32, *b->weight) < 0)
			return -err->code;
	} else if (b->weight && *b->weight) {
		/* 10..1000 on 1..10000 */
		if (cgroup_writef(fd, dir, "io.weight", err, "%" PRIu32,
			    1 + (*b->weight - 10) * 9999 / 990) < 0)
			return -err->code;
	}
	for (size_t i = 0; i < b->weight_device.count; i++) {
		const struct weight_device *w = &b->weight_device.items[i];

		if (w->weight &&
			cgroup_writef(fd, dir, "io.bfq.weight", err,
				"%" PRId64 ":%" PRId64 " %" PRIu32, w->major, w->minor,
				*w->weight) < 0)
			return -err->code;
	}
	if (put_throttle(cg, "rbps", b->throttle_read_bps.items, b->throttle_read_bps.count, err) <
			0 ||
		put_throttle(cg, "wbps", b->throttle_write_bps.items, b->throttle_write_bps.count,
			err) < 0 ||
		put_throttle(cg, "riops", b->throttle_read_iops.items, b->throttle_read_iops.count,
			err) < 0 ||
		put_throttle(cg, "wiops", b->throttle_write_iops.items,
			b->throttle_write_iops.count, err) < 0)
		return -err->code;
	return 0;
}

static int apply_hugetlb(const struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	for (size_t i = 0; i < r->hugepage_limits.count; i++) {
		const struct hugepage_limit *l = &r->hugepage_limits.items[i];
		char file[64];

		snprintf(file, sizeof(file), "hugetlb.%.30s.max", l->page_size);
		if (writable(cg, "hugetlb", err) < 0 ||
			cgroup_writef(cg->v2->fd, cg->v2->dir, file, err, "%" PRIu64, l->limit) < 0)
			return -err->code;
	}
	return 0;
}

static int apply_rdma(const struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	for (size_t i = 0; i < r->rdma.count; i++) {
		const struct rdma_limit *l = &r->rdma.items[i];
		char value[128];
		int n = snprintf(value, sizeof(value), "%.60s", l->device);

		if (cg->v2->fd >= 0 && faccessat(cg->v2->fd, "rdma.max", F_OK, 0) < 0)
			return err_set(err, E_UNSUPPORTED,
				"an rdma limit is asked for, but no such "
				"cgroup controller is there");
		if (l->hca_handles)
			n += snprintf(value + n, sizeof(value) - (size_t)n, " hca_handle=%" PRIu32,
				*l->hca_handles);
		if (l->hca_objects)
			snprintf(value + n, sizeof(value) - (size_t)n, " hca_object=%" PRIu32,
				*l->hca_objects);
		if (writable(cg, "rdma", err) < 0 ||
			cgroup_write(cg->v2->fd, cg->v2->dir, "rdma.max", value, err) < 0)
			return -err->code;
	}
	return 0;
}

/* File names come from the configuration: they must be names of this directory. */
static int apply_unified(const struct cgroup *cg, const struct string_map *files, struct err *err)
{
	for (size_t i = 0; i < files->count; i++) {
		const char *file = files->items[i].key;

		if (strchr(file, '/') || !strchr(file, '.') || file[0] == '.')
			return err_set(err, E_SYNTAX,
				"linux.resources.unified: '%s' is no control file", file);
		if (writable(cg, file, err) < 0 ||
			cgroup_write(cg->v2->fd, cg->v2->dir, file, files->items[i].value, err) < 0)
			return -err->code;
	}
	return 0;
}

/* What only version 2 can carry when there is none. */
static int refuse_without(const struct linux_resources *r, bool any, struct err *err)
{
	if (r->unified.count)
		return err_set(err, E_UNSUPPORTED,
			"linux.resources.unified is given, but cgroup version 2 is not mounted");
	if (r->rdma.count)
		return err_set(err, E_UNSUPPORTED,
			"an rdma limit is asked for, but no such cgroup controller is mounted");
	if (any && (r->memory || r->cpu || r->pids || r->block_io || r->hugepage_limits.count))
		return err_set(
			err, E_UNSUPPORTED, "limits are asked for, but no cgroup is mounted");
	return 0;
}

static int apply_alone(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	const struct network_resources *n = r->network;

	bool devices = r->devices.count && !cgroup_devices_moot(cg->v2);

	if (!r->memory && !r->cpu && !r->pids && !r->block_io && !devices && !n)
		return 0;
	if (n && (n->class_id || n->priorities.count))
		return not_in_v2("network.classID", err);
	if (writable(cg, "resource", err) < 0 ||
		(r->memory && apply_memory(cg, r->memory, err) < 0) ||
		(r->cpu && apply_cpu(cg, r->cpu, err) < 0) ||
		(r->block_io && apply_io(cg, r->block_io, err) < 0))
		return -err->code;
	if (r->pids && r->pids->limit &&
		put(cg, "pids.max", *r->pids->limit ? *r->pids->limit : 1, err) < 0)
		return -err->code;
	return devices ? cgroup_devices_attach(cg->v2->fd, r, err) : 0;
}

int cgroup_v2_apply(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	if (!r)
		return 0;
	if (!cg->v2)
		return refuse_without(r, cg->count == 0, err);
	if (cg->v2_alone && apply_alone(cg, r, err) < 0)
		return -err->code;
	if (!cgroup_v1_of(cg, "hugetlb") && apply_hugetlb(cg, r, err) < 0)
		return -err->code;
	if (apply_rdma(cg, r, err) < 0)
		return -err->code;
	return apply_unified(cg, &r->unified, err);
}

int cgroup_make_v2(struct cgroup *cg, const struct linux_resources *r, struct err *err)
{
	if (!cg->v2)
		return cgroup_v2_apply(cg, r, err);
	if (cgroup_make_dir(cg->v2, err) < 0) {
		if (err->code != EROFS && err->code != EACCES && err->code != EPERM)
			return -err->code;
		cg->v2->fd = -1;
	} else if (enable(cg, r, err) < 0) {
		return -err->code;
	}
	return cgroup_v2_apply(cg, r, err);
}
